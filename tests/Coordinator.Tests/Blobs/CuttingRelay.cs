using System.Net;
using System.Net.Sockets;

namespace DynaHug.Coordinator.Tests.Blobs;

/// <summary>Stands before a server and cuts connections in the middle of a large answer.</summary>
internal sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Uri server;
    private readonly int cutAfter;
    private int cutsLeft;

    /// <param name="cutAfter">Bytes of answers that one connection carries.</param>
    /// <param name="cuts">Connections that are cut; later ones are left alone.</param>
    public CuttingRelay(Uri server, int cutAfter, int cuts)
    {
        (this.server, this.cutAfter, cutsLeft) = (server, cutAfter, cuts);
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{listener.LocalEndpoint}");

    public int CutsLeft => Math.Max(0, cutsLeft);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            _ = RelayAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var to = new TcpClient();
        using (client)
        {
            await to.ConnectAsync(server.Host, server.Port, stopping.Token);
            await Task.WhenAny(client.GetStream().CopyToAsync(to.GetStream(), stopping.Token), AnswerAsync(to.GetStream(), client.GetStream()));
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[1 << 14];
        for (var carried = 0; await from.ReadAsync(buffer, stopping.Token) is > 0 and var count; carried += count)
        {
            if (carried > cutAfter && Interlocked.Decrement(ref cutsLeft) >= 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, count), stopping.Token);
        }
    }
}

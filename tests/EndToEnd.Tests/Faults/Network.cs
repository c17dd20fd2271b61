using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace DynaHug.EndToEnd.Tests.Faults;

/// <summary>
/// What lies between nodes: before each node's port a relay at an address of its own (127.0.1.N), which is what others know the node by. Between two sides that
/// are cut apart connections stay and no byte arrives, as in a network that has lost a cable; nobody is told.
/// </summary>
internal sealed partial class Network : IAsyncDisposable
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, string> nodeAt = new();
    private readonly List<TcpListener> listeners = [];
    private readonly CancellationTokenSource stopping = new();
    private volatile IReadOnlySet<string> apart = new HashSet<string>();

    /// <summary>Puts a relay before a node.</summary>
    /// <param name="port">Of the node at 127.0.0.1, and of the relay.</param>
    /// <returns>The relay's address.</returns>
    public string Add(string node, int port)
    {
        var host = $"127.0.1.{listeners.Count + 1}";
        var listener = new TcpListener(IPAddress.Parse(host), port);
        listener.Start();
        listeners.Add(listener);
        nodeAt[host] = node;
        _ = AcceptAsync(listener, node, port);
        return host;
    }

    /// <summary>Cuts these nodes off from all others; they reach each other.</summary>
    public void CutOff(params string[] nodes) => apart = nodes.ToHashSet();

    public void Heal() => apart = new HashSet<string>();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listeners.ForEach(listener => listener.Dispose());
        stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, string node, int port)
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptTcpClientAsync(stopping.Token), node, port);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(TcpClient from, string node, int port)
    {
        try
        {
            using var to = new TcpClient();
            using (from)
            {
                var buffer = new byte[1 << 16];
                var count = await from.GetStream().ReadAsync(buffer, stopping.Token);
                var other = OriginOf(buffer.AsSpan(0, count));
                await WhileApartAsync(node, other);
                await to.ConnectAsync(IPAddress.Loopback, port, stopping.Token);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stopping.Token);
                await Task.WhenAny(PumpAsync(from, to, node, other), PumpAsync(to, from, node, other));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // One end is gone, and so the other.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, string node, string? other)
    {
        var buffer = new byte[1 << 16];
        while (await from.GetStream().ReadAsync(buffer, stopping.Token) is > 0 and var count)
        {
            await WhileApartAsync(node, other);
            await to.GetStream().WriteAsync(buffer.AsMemory(0, count), stopping.Token);
        }
    }

    private async Task WhileApartAsync(string node, string? other)
    {
        while (apart is var now && other is not null && now.Contains(node) != now.Contains(other))
        {
            await Task.Delay(Glance, stopping.Token);
        }
    }

    /// <summary>Who connects: Akka's first message names the address of its sender.</summary>
    private string? OriginOf(ReadOnlySpan<byte> first) =>
        RelayAddress().Match(System.Text.Encoding.Latin1.GetString(first)) is { Success: true } match ? nodeAt.GetValueOrDefault(match.Value) : null;

    [GeneratedRegex(@"127\.0\.1\.\d+")]
    private static partial Regex RelayAddress();
}

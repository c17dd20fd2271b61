using System.Net.Sockets;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// The listener outside that a sandbox streams its trace points to: one Unix SOCK_SEQPACKET connection, one message a receive. What is
/// inside cannot reach it. Ends with the stream, or when the event budget is used up.
/// </summary>
public sealed class TraceSink : IDisposable
{
    private const int MaxMessage = 256 << 10;
    private static readonly byte[] HandshakeAnswer = [0x08, 0x01];

    private readonly Socket listener;
    private readonly string endpoint;
    private readonly int budget;
    private readonly List<TraceEvent> events = [];

    /// <param name="endpoint">Path of the socket, at most 107 bytes.</param>
    /// <param name="budget">Events to take; <see cref="ReceiveAsync"/> stops past it.</param>
    public TraceSink(string endpoint, int budget)
    {
        this.endpoint = endpoint;
        this.budget = budget;
        listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(endpoint));
        listener.Listen(1);
    }

    /// <summary>In order of arrival. Read it after <see cref="ReceiveAsync"/> has ended.</summary>
    public IReadOnlyList<TraceEvent> Events => events;

    /// <summary>Messages that could not be read, and events that the sandbox says it dropped: a trace with any is incomplete.</summary>
    public long Dropped { get; private set; }

    public bool EndOfStream { get; private set; }

    public bool OverBudget { get; private set; }

    /// <summary>Accepts the one connection and receives until the sandbox closes it.</summary>
    public async Task ReceiveAsync(CancellationToken cancel)
    {
        using var connection = await listener.AcceptAsync(cancel);
        listener.Close();
        File.Delete(endpoint);
        var buffer = new byte[MaxMessage];
        await connection.ReceiveAsync(buffer, cancel);
        await connection.SendAsync(HandshakeAnswer, cancel);
        long droppedInside = 0, malformed = 0;
        while (true)
        {
            var length = await connection.ReceiveAsync(buffer, cancel);
            if (length == 0)
            {
                EndOfStream = true;
                return;
            }

            var point = PointDecoder.Decode(buffer.AsSpan(0, length), out var dropped);
            droppedInside = Math.Max(droppedInside, dropped);
            malformed += point is null ? 1 : 0;
            Dropped = droppedInside + malformed;
            if (point is not null)
            {
                events.Add(point);
            }

            if (events.Count > budget)
            {
                OverBudget = true;
                return;
            }
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        File.Delete(endpoint);
    }
}

using System.Net.Sockets;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// Receives the trace points of one sandbox over a Unix SOCK_SEQPACKET socket that only one peer may ever connect to. Runs on a thread
/// of its own with blocking receives, which is the cheapest way. When it fails or its budget is spent it says so by
/// <see cref="Stopped"/>, and whoever runs the sandbox must kill it: gVisor would let the program go on untraced.
/// </summary>
internal sealed class TraceSink : IDisposable
{
    /// <summary>More than the largest message that a sender's default buffer (212,992 bytes) lets through.</summary>
    private const int LargestMessage = 256 * 1024;

    private static readonly byte[] Handshake = [0x08, 0x01];

    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
    private readonly List<TraceEvent> events = [];
    private readonly TaskCompletionSource<SinkEnd> stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string path;
    private readonly int budget;
    private long malformed;
    private long dropped;

    /// <param name="path">Where the socket is made; at most 107 bytes, in a folder that only we can enter.</param>
    /// <param name="budget">Events after which receiving ends.</param>
    public TraceSink(string path, int budget)
    {
        this.path = path;
        this.budget = budget;
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
    }

    /// <summary>How receiving ended. Faulted when we failed. Events may be read from then on.</summary>
    public Task<SinkEnd> Stopped => stopped.Task;

    /// <summary>Has the sandbox connected? Until then <see cref="Dispose"/> ends the waiting.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Events were left unread because there were too many.</summary>
    public bool IsBudgetSpent => Stopped is { IsCompletedSuccessfully: true } end && end.GetAwaiter().GetResult() == SinkEnd.BudgetSpent;

    /// <summary>In order of arrival; to be read after <see cref="Stopped"/>.</summary>
    public IReadOnlyList<TraceEvent> Events => events;

    /// <summary>Lost before or on the way to us; a message that cannot be read is lost too.</summary>
    public long Dropped => dropped + malformed;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "trace sink" }.Start();

    /// <summary>Gives up waiting for a sandbox that will not connect any more.</summary>
    public void Dispose()
    {
        listener.Dispose();
        File.Delete(path);
    }

    private void Run()
    {
        try
        {
            using var peer = Accept();
            stopped.SetResult(peer is null ? SinkEnd.NeverConnected : Receive(peer));
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OutOfMemoryException or InvalidDataException)
        {
            stopped.SetException(failure);
        }
    }

    private Socket? Accept()
    {
        try
        {
            var peer = listener.Accept();
            IsConnected = true;
            listener.Dispose();
            File.Delete(path);
            return peer;
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private SinkEnd Receive(Socket peer)
    {
        using var packets = new PacketReader(peer, LargestMessage);
        if (packets.Next(out _).IsEmpty)
        {
            return SinkEnd.NeverConnected;
        }

        peer.Send(Handshake);
        while (true)
        {
            var message = packets.Next(out var whole);
            if (message.IsEmpty)
            {
                return SinkEnd.EndOfStream;
            }

            if (events.Count >= budget)
            {
                return SinkEnd.BudgetSpent;
            }

            Take(message, whole);
        }
    }

    private void Take(ReadOnlySpan<byte> message, bool whole)
    {
        if (!TraceDecoder.TryDecode(message, out var decoded, out var lost) || !whole)
        {
            malformed++;
        }
        else if (decoded is not null)
        {
            events.Add(decoded);
        }

        dropped = Math.Max(dropped, lost);
    }
}

/// <summary>Why a <see cref="TraceSink"/> receives no more.</summary>
internal enum SinkEnd
{
    /// <summary>Nobody connected, or left before the first event.</summary>
    NeverConnected,

    /// <summary>The sandbox closed its end.</summary>
    EndOfStream,

    /// <summary>More events than allowed; the rest is unread.</summary>
    BudgetSpent,
}

using System.Net.Sockets;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Tracing;

/// <summary>The receiver, with a peer that speaks as gVisor does or worse.</summary>
public sealed class TraceSinkSpecs : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("sink-").FullName;

    [Fact]
    public async Task Receives_events_in_order_until_the_peer_closes()
    {
        using var sink = Listen(budget: 100);
        using (var peer = Connect())
        {
            peer.Send(Wire.RawCall(1));
            peer.Send(Wire.RawCall(2));
        }

        (await sink.Stopped).ShouldBe(SinkEnd.EndOfStream);
        sink.Events.Select(happened => happened.Number).ShouldBe([1, 2]);
        sink.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Counts_what_it_cannot_read_as_dropped()
    {
        using var sink = Listen(budget: 100);
        using (var peer = Connect())
        {
            peer.Send("nonsense that is long enough"u8);
            peer.Send(Wire.Message(5, _ => { }, dropped: 3));
        }

        await sink.Stopped;
        sink.Dropped.ShouldBe(4);
    }

    [Fact]
    public async Task Stops_when_the_budget_is_spent()
    {
        using var sink = Listen(budget: 5);
        using var peer = Connect();
        for (var index = 0; index < 6; index++)
        {
            peer.Send(Wire.RawCall(index));
        }

        (await sink.Stopped).ShouldBe(SinkEnd.BudgetSpent);
        sink.Events.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Listens_to_one_peer_only()
    {
        using var sink = Listen(budget: 5);
        using (var peer = Connect())
        {
            Should.Throw<SocketException>(() => Connect());
        }

        (await sink.Stopped).ShouldBe(SinkEnd.EndOfStream);
    }

    [Fact]
    public async Task Gives_up_waiting_when_disposed()
    {
        var sink = Listen(budget: 5);
        sink.Dispose();

        (await sink.Stopped).ShouldBe(SinkEnd.NeverConnected);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Address => Path.Combine(folder, "s");

    private TraceSink Listen(int budget)
    {
        var sink = new TraceSink(Address, budget);
        sink.Start();
        return sink;
    }

    private Socket Connect()
    {
        var peer = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        peer.Connect(new UnixDomainSocketEndPoint(Address));
        peer.Send([0x08, 0x01]);
        var answer = new byte[8];
        peer.Receive(answer).ShouldBe(2);
        return peer;
    }
}

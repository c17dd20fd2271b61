using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using DynaHug.Coordinator.ReadModel;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Projection;

/// <summary>
/// Carries the journal into the read model, in order, in batches, each stored together with the offset it ends at: after a crash it
/// goes on where the read model is, and an event that comes twice changes nothing. A cluster singleton.
/// </summary>
public sealed class Projector : ReceiveActor, IWithTimers
{
    public const string ProjectionName = "hub";

    private const int BatchSize = 500;

    /// <summary>How long an event waits for others: a batch costs a dozen statements, whether it holds one event or hundreds.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly ReadModelWriter writer;
    private readonly ILogger<Projector> logger;
    private readonly ActorMaterializer materializer;
    private readonly CancellationTokenSource stopping = new();

    public Projector(ReadModelWriter writer, ILogger<Projector> logger)
    {
        this.writer = writer;
        this.logger = logger;
        materializer = Context.Materializer();

        Receive<Start>(_ => writer.ReadOffsetAsync(ProjectionName, stopping.Token).PipeTo(Self, success: offset => new From(offset), failure: problem => new Ended(problem)));
        Receive<From>(from => Run(from.Offset));
        Receive<Ended>(ended =>
        {
            logger.LogWarning(ended.Problem, "the stream of events has ended; read again in {Seconds} s", PauseAfterFailure.TotalSeconds);
            Timers.StartSingleTimer("start", new Start(), PauseAfterFailure);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Start());

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
        materializer.Dispose();
    }

    private void Run(long offset)
    {
        logger.LogInformation("read model goes on after journal offset {Offset}", offset);
        var cancel = stopping.Token;
        var journal = PersistenceQuery.Get(Context.System).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        journal.AllEvents(offset == 0 ? NoOffset.Instance : Offset.Sequence(offset))
            .Select(Numbered)
            .GroupedWithin(BatchSize, LongestWait)
            .SelectAsync(1, async batch =>
            {
                IReadOnlyList<(long, object)> events = [.. batch];
                await writer.ApplyAsync(ProjectionName, events, cancel);
                return events.Count;
            })
            .RunWith(Sink.Ignore<int>(), materializer)
            .PipeTo(Self, success: _ => new Ended(null), failure: problem => new Ended(problem));
    }

    private static (long Offset, object Event) Numbered(EventEnvelope envelope) => (((Sequence)envelope.Offset).Value, envelope.Event);

    private sealed record Start;

    private sealed record From(long Offset);

    private sealed record Ended(Exception? Problem);
}

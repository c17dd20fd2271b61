using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Asks for unfinished work again: everything after a start, later whatever has not moved for a while (a message was lost, a queue
/// was full, a node died at the wrong moment). Queues and entities take repeated requests without harm, so this is the one
/// mechanism that makes every observed revision end with a verdict. A sweep wakes a bounded number of entities and the next goes on behind it; while
/// the queue of fetches is well filled, none is woken. So its cost does not grow with the hub. A cluster singleton.
/// </summary>
public sealed class Resumer : ReceiveActor, IWithTimers
{
    private const int WokenAtATime = 5_000;
    private const int WellFilled = 20_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(10);

    private readonly IActorRef repos;
    private readonly IActorRef artifacts;
    private readonly IActorRef fetchQueue;
    private readonly ReadModelQueries readModel;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stopping = new();
    private IAsyncEnumerator<object>? round;
    private bool firstRound = true;

    public Resumer(IActorRef repos, IActorRef artifacts, IActorRef fetchQueue, ReadModelQueries readModel, TimeProvider clock, ILogger<Resumer> logger)
    {
        this.repos = repos;
        this.artifacts = artifacts;
        this.fetchQueue = fetchQueue;
        this.readModel = readModel;
        this.clock = clock;

        Receive<Sweep>(_ => SweepAsync(Self, stopping.Token).PipeTo(
            Self,
            success: resumed => new Swept(resumed, null),
            failure: problem => new Swept(0, problem)));
        Receive<Swept>(swept =>
        {
            if (swept.Problem is not null)
            {
                round = null;
                logger.LogWarning(swept.Problem, "unfinished work could not be read; next try in {Seconds} s", Interval.TotalSeconds);
            }
            else if (swept.Resumed > 0)
            {
                logger.LogInformation("asked again for {Count} unfinished repos and artifacts", swept.Resumed);
            }

            var goesOnAtOnce = firstRound && swept.Problem is null && swept.Resumed == WokenAtATime;
            Timers.StartSingleTimer("sweep", new Sweep(), goesOnAtOnce ? TimeSpan.FromSeconds(1) : Interval);
        });
        Receive<RepoReplies.Recorded>(_ => { });
        Receive<ArtifactReplies.Recorded>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Sweep());

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <summary>Goes on with the round over all that is open; gives how many were woken.</summary>
    private async Task<int> SweepAsync(IActorRef self, CancellationToken cancel)
    {
        if ((await fetchQueue.Ask<WorkReplies.Figures>(new WorkCommands.GetFigures(), AskTimeout, cancel)).Waiting > WellFilled)
        {
            return 0;
        }

        round ??= OpenAsync(clock.GetUtcNow() - (firstRound ? TimeSpan.Zero : Stale), cancel).GetAsyncEnumerator(cancel);
        var woken = 0;
        while (woken < WokenAtATime)
        {
            if (!await round.MoveNextAsync())
            {
                await round.DisposeAsync();
                round = null;
                firstRound = false;
                break;
            }

            (round.Current is IForRepo ? repos : artifacts).Tell(round.Current, self);
            woken++;
        }

        return woken;
    }

    private async IAsyncEnumerable<object> OpenAsync(DateTimeOffset before, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var content in readModel.OpenArtifactsAsync(before, cancel))
        {
            yield return new ArtifactCommands.Resume(content);
        }

        await foreach (var repo in readModel.OpenReposAsync(before, cancel))
        {
            yield return new RepoCommands.Resume(repo);
        }

        await foreach (var repo in readModel.OpenPinsAsync(before, cancel))
        {
            yield return new RepoCommands.Resume(repo);
        }
    }

    private sealed record Sweep;

    private sealed record Swept(int Resumed, Exception? Problem);
}

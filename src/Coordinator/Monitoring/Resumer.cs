using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Asks for unfinished work again: everything after a start, later whatever has not moved for a while (a message was lost, a queue
/// was full, a node died at the wrong moment). Queues and entities take repeated requests without harm, so this is the one
/// mechanism that makes every observed revision end with a verdict. A cluster singleton.
/// </summary>
public sealed class Resumer : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource stopping = new();

    public Resumer(IActorRef repos, IActorRef artifacts, ReadModelQueries readModel, TimeProvider clock, ILogger<Resumer> logger)
    {
        Receive<Sweep>(sweep => ResumeAsync(clock.GetUtcNow() - sweep.UntouchedFor, stopping.Token).PipeTo(
            Self,
            success: resumed => new Swept(resumed, null),
            failure: problem => new Swept(0, problem)));
        Receive<Swept>(swept =>
        {
            if (swept.Problem is not null)
            {
                logger.LogWarning(swept.Problem, "unfinished work could not be read; next try in {Seconds} s", Interval.TotalSeconds);
            }
            else if (swept.Resumed > 0)
            {
                logger.LogInformation("asked again for {Count} unfinished repos and artifacts", swept.Resumed);
            }

            Timers.StartSingleTimer("sweep", new Sweep(Stale), Interval);
        });
        Receive<RepoReplies.Recorded>(_ => { });
        Receive<ArtifactReplies.Recorded>(_ => { });

        async Task<int> ResumeAsync(DateTimeOffset before, CancellationToken cancel)
        {
            var self = Self;
            var resumed = 0;
            await foreach (var content in readModel.OpenArtifactsAsync(before, cancel))
            {
                artifacts.Tell(new ArtifactCommands.Resume(content), self);
                resumed++;
            }

            await foreach (var repo in readModel.OpenReposAsync(before, cancel))
            {
                repos.Tell(new RepoCommands.Resume(repo), self);
                resumed++;
            }

            return resumed;
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Sweep(TimeSpan.Zero));

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private sealed record Sweep(TimeSpan UntouchedFor);

    private sealed record Swept(int Resumed, Exception? Problem);
}

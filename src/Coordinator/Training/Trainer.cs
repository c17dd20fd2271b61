using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Profiles;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <summary>
/// Decides round by round which task cluster is due for a fit, has it fitted, and has every stored verdict that another profile made
/// made again. A round reads everything it needs from the read model, so a crash in the middle costs a round. A cluster singleton.
/// </summary>
public sealed class Trainer : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private CancellationTokenSource? round;
    private TrainingReplies.Status status = new("waiting for the first traces", Settled: false);

    public Trainer(IActorRef profiles, IActorRef repos, IActorRef artifacts, IActorRef monitor, Refitter refitter, Rescorer rescorer, ReadModelQueries readModel, ILogger<Trainer> logger)
    {
        Receive<Round>(_ =>
        {
            round?.Dispose();
            round = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            RoundAsync(round.Token).PipeTo(Self, success: done => new RoundDone(done, null), failure: problem => new RoundDone(null, problem));
        });
        Receive<TrainingCommands.CancelFit>(_ => round?.Cancel());
        Receive<RoundDone>(done =>
        {
            if (done.Problem is OperationCanceledException)
            {
                status = new TrainingReplies.Status("the fit was cancelled; its task cluster is looked at again when it has more traces", Settled: false);
            }
            else if (done.Problem is not null)
            {
                logger.LogWarning(done.Problem, "training round failed; next try in {Seconds} s", Interval.TotalSeconds);
                status = new TrainingReplies.Status($"round failed: {Shared.Printable.Of(done.Problem.Message)}", Settled: false);
            }
            else
            {
                status = done.Status!;
            }

            Timers.StartSingleTimer("round", new Round(), Interval);
        });
        Receive<Progressed>(progressed => status = new TrainingReplies.Status(progressed.Activity, Settled: false));
        Receive<TrainingCommands.GetStatus>(_ => Sender.Tell(status));

        async Task<TrainingReplies.Status> RoundAsync(CancellationToken cancel)
        {
            var self = Self;
            void Report(string activity) => self.Tell(new Progressed(activity));

            var walk = await monitor.Ask<MonitorReplies.Status>(new MonitorCommands.GetStatus(), AskTimeout, cancel);
            var fits = await refitter.FitWhatIsDueAsync(profiles, artifacts, walk.WalkFinished, Report, cancel);
            var rescored = await rescorer.RescoreAsync(repos, Report, cancel);
            var overview = await readModel.OverviewAsync(cancel);
            var settled = walk.WalkFinished && overview.Repos >= walk.Listed && fits.Fitted == 0 && fits.Waiting.Count == 0 && rescored == 0 && overview.OpenRepos == 0;
            var activity = fits.Waiting.Count > 0 ? string.Join("; ", fits.Waiting) : string.Join("; ", fits.Held.Prepend(settled ? "every verdict is current" : "looking"));
            return new TrainingReplies.Status(activity, settled);
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Round());

    protected override void PostStop()
    {
        stopping.Cancel();
        round?.Dispose();
        stopping.Dispose();
    }

    private sealed record Round;

    private sealed record RoundDone(TrainingReplies.Status? Status, Exception? Problem);

    private sealed record Progressed(string Activity);
}

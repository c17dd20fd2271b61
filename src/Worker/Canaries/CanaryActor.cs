using Akka.Actor;
using DynaHug.Shared;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Canaries;

/// <summary>
/// Tries this node's sandbox at its start and then every few minutes. While a trial has failed the node takes no work, and tries again sooner; the first one that passes
/// makes it take work again. The trace queue, which knows the slots of all nodes, is told now and then, so that a queue that has just begun on another node knows too.
/// </summary>
public sealed class CanaryActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TellInterval = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait after a failure.</summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(30);

    /// <summary>The first trial may have to make the sandbox's images.</summary>
    private static readonly TimeSpan TrialTimeout = TimeSpan.FromMinutes(15);

    private readonly CancellationTokenSource stopping = new();
    private CancellationTokenSource? trial;
    private WorkCommands.ReportCanary? last;
    private bool draining;

    /// <param name="queue">The trace queue.</param>
    /// <param name="interval">Between two trials, give or take a tenth, so that nodes started together do not try together; zero for none at all.</param>
    public CanaryActor(IActorRef queue, TimeSpan interval, CanaryTrial canaries, CanaryHealth health, TimeProvider clock, ILogger<CanaryActor> logger)
    {
        var node = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.ToString();

        Receive<Try>(_ =>
        {
            trial = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            trial.CancelAfter(TrialTimeout);
            canaries.RunAsync(trial.Token).PipeTo(Self, success: problem => new Tried(problem), failure: broken => new Tried(WhyBroken(broken)));
        });
        Receive<Tried>(tried =>
        {
            trial?.Dispose();
            trial = null;
            if (draining)
            {
                Context.Stop(Self);
                return;
            }

            Note(tried.Problem);
            Timers.StartSingleTimer("try", new Try(), tried.Problem.Length == 0 ? Jittered(interval) : Min(interval, Impatience));
        });
        Receive<Tell>(_ => TellQueue());
        Receive<JobSlot.Drain>(_ =>
        {
            draining = true;
            stopping.Cancel();
            if (trial is null)
            {
                Context.Stop(Self);
            }
        });

        if (interval > TimeSpan.Zero)
        {
            Self.Tell(new Try());
        }
        else
        {
            health.Problem = "";
        }

        void Note(string problem)
        {
            if (problem.Length > 0)
            {
                logger.LogError("this node takes no work: {Problem}", problem);
            }
            else if (!health.IsReady)
            {
                logger.LogInformation("both canaries were told apart; this node takes work");
            }

            health.Problem = problem;
            Instruments.CanaryTrials.Add(1, new KeyValuePair<string, object?>(Instruments.OutcomeTag, problem.Length == 0 ? "passed" : "failed"));
            Instruments.CanaryReady.Record(problem.Length == 0 ? 1 : 0);
            last = new WorkCommands.ReportCanary(node, problem, clock.GetUtcNow());
            TellQueue();
        }

        void TellQueue()
        {
            if (last is not null)
            {
                queue.Tell(last);
            }
        }
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("tell", new Tell(), TellInterval);

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private static string WhyBroken(Exception broken) =>
        broken is OperationCanceledException ? $"the canaries have not ended within {TrialTimeout.TotalMinutes:0} minutes" : Printable.Of(broken.Message, 400);

    private static TimeSpan Jittered(TimeSpan interval) => interval * (0.9 + (0.2 * Random.Shared.NextDouble()));

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed record Try;

    private sealed record Tried(string Problem);

    private sealed record Tell;
}

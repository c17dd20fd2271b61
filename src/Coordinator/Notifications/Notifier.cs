using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Verdicts;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Notifications;

/// <summary>
/// Tells webhooks of what is newly flagged, each at its own pace and in order. How far each is lies with the desk, so that a restart neither skips nor, but for the one under
/// way, repeats. What a receiver does not take after all tries is set aside, and the next is sent. A cluster singleton.
/// </summary>
public sealed class Notifier : ReceiveActor, IWithTimers
{
    private const int AtATime = 50;
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    private readonly HashSet<string> busy = [];
    private readonly CancellationTokenSource stopping = new();

    public Notifier(IActorRef desk, ReadModelQueries readModel, WebhookSender sender, ILogger<Notifier> logger)
    {
        Receive<Look>(_ => readModel.WebhooksAsync(stopping.Token).PipeTo(Self, success: webhooks => new Found(webhooks), failure: problem => new Done("", problem)));
        Receive<Found>(found =>
        {
            foreach (var (webhook, reached) in found.Webhooks)
            {
                if (busy.Add(webhook.Id))
                {
                    SendAllAsync(desk, readModel, sender, webhook, reached, stopping.Token).PipeTo(Self, success: () => new Done(webhook.Id, null), failure: problem => new Done(webhook.Id, problem));
                }
            }
        });
        Receive<Done>(done =>
        {
            busy.Remove(done.Webhook);
            if (done.Problem is not null)
            {
                logger.LogWarning(done.Problem, "webhook {Webhook} could not be told; it is tried again", done.Webhook);
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer("look", new Look(), Glance);

    protected override void PreRestart(Exception reason, object message)
    {
        stopping.Cancel();
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private static async Task SendAllAsync(IActorRef desk, ReadModelQueries readModel, WebhookSender sender, Webhook webhook, DateTimeOffset reached, CancellationToken cancel)
    {
        var sent = 0;
        var until = reached;
        await foreach (var repo in readModel.FlaggedSinceAsync(reached, cancel))
        {
            if (Wants(webhook, repo))
            {
                if (await sender.SendAsync(webhook, repo, cancel) is { } reason)
                {
                    await desk.Ask<DeskReplies.Recorded>(new WebhookCommands.RecordFailure(webhook.Id, repo.Repo, repo.Revision, reason), AskTimeout, cancel);
                }

                sent++;
            }

            until = repo.FlaggedAt;
            if (sent == AtATime)
            {
                break;
            }
        }

        if (until > reached)
        {
            await desk.Ask<DeskReplies.Recorded>(new WebhookCommands.RecordReached(webhook.Id, until), AskTimeout, cancel);
        }
    }

    /// <summary>What people have suppressed is no news.</summary>
    internal static bool Wants(Webhook webhook, FlaggedRepo repo) =>
        repo.Label >= webhook.Least && repo.Case != CaseState.Suppressed && (webhook.TaskCluster is null || webhook.TaskCluster == repo.TaskCluster);

    private sealed record Look;

    private sealed record Found(IReadOnlyList<(Webhook Webhook, DateTimeOffset Reached)> Webhooks);

    private sealed record Done(string Webhook, Exception? Problem);
}

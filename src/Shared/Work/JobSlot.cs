using System.Diagnostics;
using Akka.Actor;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Telemetry;
using Microsoft.Extensions.Logging;

namespace DynaHug.Shared.Work;

/// <summary>Where a slot pulls its work from and brings its results to.</summary>
/// <param name="Queue">The work queue of the slot's kind.</param>
/// <param name="Repos">Shard region (or proxy) of the repo entities.</param>
/// <param name="Artifacts">Shard region (or proxy) of the artifact entities.</param>
public sealed record WorkLinks(IActorRef Queue, IActorRef Repos, IActorRef Artifacts);

/// <summary>
/// One place where one job runs at a time, on a crawler or worker node. It asks the queue for work, runs it off the mailbox,
/// brings the results to their entities until those have stored them, and only then ends the lease: a node that dies in between
/// loses nothing, since the lease expires and entities take the same result twice without harm.
/// </summary>
public abstract class JobSlot : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan DemandInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(10);
    private const int StoreAttempts = 6;

    private readonly WorkLinks links;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private WorkReplies.Leased? current;
    private bool draining;

    protected JobSlot(WorkLinks links, BlobStore blobs, ILogger logger)
    {
        this.links = links;
        Blobs = blobs;
        this.logger = logger;

        Receive<Tick>(_ => AskForWork());
        Receive<RenewTick>(_ => links.Queue.Tell(new WorkCommands.Renew(current!.Lease, current.Job, current.Lane, current.Attempt)));
        Receive<WorkReplies.Leased>(Start);
        Receive<Finished>(Finish);
        Receive<Drain>(_ =>
        {
            draining = true;
            stopping.Cancel();
            if (current is null)
            {
                Context.Stop(Self);
            }
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected BlobStore Blobs { get; }

    /// <summary>Whether work is taken now. What runs goes on.</summary>
    protected virtual bool IsReady => true;

    /// <summary>Does the job and gives what the entities are to be told. A bad file is a result; an exception is a failure of ours.</summary>
    protected abstract Task<IReadOnlyList<object>> RunAsync(Job job, CancellationToken cancel);

    /// <summary>What the entity is told when <see cref="RunAsync"/> has failed.</summary>
    protected abstract object FailureOf(Job job, string reason);

    /// <summary>Finds out, after a job has failed, whether what all jobs need can be used: while there is no blob store no job is to blame, and it goes back to the queue.</summary>
    /// <exception cref="BlobStoreException">The blob store cannot be used.</exception>
    protected virtual Task RequireAsync(Exception problem, CancellationToken cancel) => problem is BlobStoreException ? Blobs.RequireAsync(cancel) : Task.CompletedTask;

    protected override void PreStart()
    {
        AskForWork();
        Timers.StartPeriodicTimer("demand", Tick.Instance, DemandInterval);
    }

    protected override void PostStop()
    {
        stopping.Cancel();
        if (current is not null)
        {
            links.Queue.Tell(new WorkCommands.Release(current.Lease));
        }

        stopping.Dispose();
    }

    private void AskForWork()
    {
        if (current is null && !draining && IsReady)
        {
            links.Queue.Tell(new WorkCommands.Demand(Self.Path.ToString()));
        }
    }

    private void Start(WorkReplies.Leased leased)
    {
        if (current is not null || draining || !IsReady)
        {
            links.Queue.Tell(new WorkCommands.Release(leased.Lease));
            return;
        }

        current = leased;
        Timers.StartPeriodicTimer("renew", RenewTick.Instance, RenewInterval);
        RunAndDeliverAsync(leased, stopping.Token).PipeTo(
            Self,
            success: () => new Finished(leased.Lease, null),
            failure: problem => new Finished(leased.Lease, problem));
    }

    private async Task RunAndDeliverAsync(WorkReplies.Leased leased, CancellationToken cancel)
    {
        CurrentLane.Value = leased.Lane;
        var job = leased.Job;
        using var activity = RevisionTrace.Start(job.Activity, leased.Trace);
        IReadOnlyList<object> results;
        try
        {
            results = await RunAsync(job, cancel);
        }
        catch (Exception problem) when (!cancel.IsCancellationRequested)
        {
            await RequireAsync(problem, cancel);
            logger.LogWarning(problem, "job {JobKey} failed", job.Key);
            activity?.SetStatus(ActivityStatusCode.Error, Printable.Of(problem.Message));
            results = [FailureOf(job, Printable.Of(problem.Message))];
        }

        foreach (var result in results)
        {
            await DeliverAsync(result, cancel);
        }
    }

    private async Task DeliverAsync(object result, CancellationToken cancel)
    {
        var region = result switch
        {
            IForRepo => links.Repos,
            IForArtifact => links.Artifacts,
            _ => throw new ArgumentException($"{result.GetType().Name} is for no entity", nameof(result)),
        };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await region.Ask(result, StoreTimeout, cancel);
                return;
            }
            catch (AskTimeoutException) when (attempt < StoreAttempts)
            {
                logger.LogInformation("{Result} is not stored yet, attempt {Attempt}", result.GetType().Name, attempt);
            }
        }
    }

    private void Finish(Finished finished)
    {
        Timers.Cancel("renew");
        current = null;
        if (finished.Problem is null)
        {
            links.Queue.Tell(new WorkCommands.Complete(finished.Lease));
        }
        else if (draining)
        {
            links.Queue.Tell(new WorkCommands.Release(finished.Lease));
        }
        else
        {
            logger.LogWarning(finished.Problem, "what jobs need or bring cannot be had or stored now; the job of lease {Lease} goes back, and the next one is asked for in a moment", finished.Lease);
            links.Queue.Tell(new WorkCommands.Release(finished.Lease));
        }

        if (draining)
        {
            Context.Stop(Self);
        }
        else if (finished.Problem is null)
        {
            AskForWork();
        }
    }

    /// <summary>The node leaves: end what runs, give the lease back, and stop.</summary>
    public sealed record Drain;

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record RenewTick
    {
        public static readonly RenewTick Instance = new();
    }

    private sealed record Finished(long Lease, Exception? Problem);
}

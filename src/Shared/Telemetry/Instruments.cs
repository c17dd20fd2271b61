using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DynaHug.Shared.Telemetry;

/// <summary>The one meter and the one activity source of DynaHug, every instrument and every tag name. Listed in docs/telemetry.md.</summary>
public static class Instruments
{
    public const string Name = "DynaHug";

    public static readonly ActivitySource Activities = new(Name);
    public static readonly Meter Meter = new(Name);

    /// <summary>Repos and files that entered a stage, by <c>stage</c>: listed, observed, fetched, traced, judged.</summary>
    public static readonly Counter<long> Stages = Meter.CreateCounter<long>("dynahug.stages", "{item}", "items that passed a stage of the pipeline");

    /// <summary>Finished sandbox runs, by <c>outcome</c>.</summary>
    public static readonly Counter<long> SandboxRuns = Meter.CreateCounter<long>("dynahug.sandbox.runs", "{run}", "sandbox runs by outcome");

    public static readonly Histogram<double> SandboxSeconds = Meter.CreateHistogram<double>("dynahug.sandbox.duration", "s", "wall time of a sandbox run");

    /// <summary>Trials of a worker's sandbox by a benign and a malicious canary, by <c>outcome</c>: passed, failed.</summary>
    public static readonly Counter<long> CanaryTrials = Meter.CreateCounter<long>("dynahug.canary.trials", "{trial}", "trials of the sandbox by canaries");

    /// <summary>1 while a worker takes work, 0 while it takes none because its last canaries failed.</summary>
    public static readonly Gauge<int> CanaryReady = Meter.CreateGauge<int>("dynahug.canary.ready", "{node}", "whether the last canaries passed");

    public static readonly Counter<long> FetchedBytes = Meter.CreateCounter<long>("dynahug.fetch.bytes", "By", "bytes fetched from the hub");

    /// <summary>Files that were looked at for reading in parts, by <c>outcome</c>: sparse, whole.</summary>
    public static readonly Counter<long> SparseReadings = Meter.CreateCounter<long>("dynahug.fetch.sparse", "{file}", "files by whether parts of them were enough");

    /// <summary>Files read in parts that were analysed whole as well, by <c>outcome</c>: agrees, differs, unavailable.</summary>
    public static readonly Counter<long> SparseRechecks = Meter.CreateCounter<long>("dynahug.fetch.rechecks", "{file}", "files read in parts that were analysed whole as well");

    public static readonly Counter<long> HubRequests = Meter.CreateCounter<long>("dynahug.hub.requests", "{request}", "requests to the hub by status");

    /// <summary>Requests that the hub still allows in the window, by <c>bucket</c>.</summary>
    public static readonly Gauge<long> HubBudgetLeft = Meter.CreateGauge<long>("dynahug.hub.budget", "{request}", "requests left in the hub's window");

    /// <summary>Verdicts reached, by <c>label</c>.</summary>
    public static readonly Counter<long> Verdicts = Meter.CreateCounter<long>("dynahug.verdicts", "{verdict}", "verdicts by label");

    /// <summary>Scores of repos when a verdict is reached, by <c>label</c>: 0 (ordinary) to 1 (farther out than every benign load seen).</summary>
    public static readonly Histogram<double> Scores = Meter.CreateHistogram(
        "dynahug.verdicts.score", "{score}", "scores of verdicts", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] });

    /// <summary>Repos of the hub, by <c>label</c>; open for those without a verdict.</summary>
    public static readonly Gauge<long> Repos = Meter.CreateGauge<long>("dynahug.repos", "{repo}", "repos by label");

    /// <summary>Files of current revisions, by <c>outcome</c>; open for those not analysed yet. This is how much of the hub is covered.</summary>
    public static readonly Gauge<long> Files = Meter.CreateGauge<long>("dynahug.files", "{file}", "files of current revisions by outcome");

    /// <summary>Time since the active profile was fitted, by <c>task_cluster</c>.</summary>
    public static readonly Gauge<double> ProfileAge = Meter.CreateGauge<double>("dynahug.profile.age", "s", "time since the active profile was fitted");

    /// <summary>Jobs of a work queue, by <c>queue</c>, <c>state</c> (waiting, leased) and, for those that wait, <c>lane</c>.</summary>
    public static readonly Gauge<long> QueueJobs = Meter.CreateGauge<long>("dynahug.queue.jobs", "{job}", "jobs that wait or are leased");

    /// <summary>Slots that have asked a queue for work and are alive, by <c>queue</c>.</summary>
    public static readonly Gauge<long> QueueSlots = Meter.CreateGauge<long>("dynahug.queue.slots", "{slot}", "slots that pull from a queue");

    /// <summary>Jobs that killed or silenced every slot they were given to, by <c>queue</c>.</summary>
    public static readonly Counter<long> Quarantined = Meter.CreateCounter<long>("dynahug.queue.quarantined", "{job}", "jobs given up because their slots died");

    public static readonly Counter<long> Refits = Meter.CreateCounter<long>("dynahug.profile.refits", "{fit}", "profiles fitted by task cluster");

    public const string BucketTag = "bucket";
    public const string QueueTag = "queue";
    public const string StateTag = "state";
    public const string StageTag = "stage";
    public const string OutcomeTag = "outcome";
    public const string LabelTag = "label";
    public const string LaneTag = "lane";
    public const string StatusTag = "status";
    public const string TaskClusterTag = "task_cluster";
}

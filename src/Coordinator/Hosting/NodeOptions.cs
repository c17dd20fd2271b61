using System.ComponentModel.DataAnnotations;
using System.Net;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Alerts;
using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Training;
using DynaHug.Crawler.Hub;

namespace DynaHug.Coordinator.Hosting;

/// <summary>What a node may be told to do.</summary>
public static class NodeRole
{
    /// <summary>Hosts entities, singletons, read model, pages.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Lists and downloads.</summary>
    public const string Crawler = "crawler";

    /// <summary>Runs sandboxes; never hosts entities or singletons.</summary>
    public const string Worker = "worker";

    public static readonly IReadOnlyList<string> All = [Coordinator, Crawler, Worker];
}

/// <summary>Options of one node of the cluster. Command line options map to these one to one.</summary>
public sealed class NodeOptions
{
    /// <summary>Folder for journal, read model, blobs, checkpoint images. One process at a time owns it.</summary>
    [Required]
    public required string DataFolder { get; init; }

    /// <summary>See <see cref="NodeRole"/>.</summary>
    [MinLength(1)]
    public IReadOnlyList<string> Roles { get; init; } = NodeRole.All;

    /// <summary>Where reports are written; <c>{DataFolder}/reports</c> by default.</summary>
    public string? ReportFolder { get; init; }

    /// <summary>Hours between two reports that are made and kept; 0 for none but those that people ask for.</summary>
    [Range(0, 8760)]
    public double ReportEveryHours { get; init; }

    /// <summary>Port of pages, API and metrics; 0 takes any free one.</summary>
    [Range(0, 65535)]
    public int Port { get; init; } = 8080;

    /// <summary>Port of the cluster's remoting; 0 takes any free one.</summary>
    [Range(0, 65535)]
    public int ClusterPort { get; init; }

    /// <summary>Address that remoting and probes listen at; anything but loopback needs <see cref="Tls"/>.</summary>
    [Required]
    public string BindAddress { get; init; } = "127.0.0.1";

    /// <summary>Name or address that other nodes reach this one at; <see cref="BindAddress"/> by default.</summary>
    public string? Host { get; init; }

    /// <summary>Port of health and metrics at <see cref="BindAddress"/>, and of nothing else; null serves them on loopback only.</summary>
    [Range(0, 65535)]
    public int? ProbePort { get; init; }

    /// <summary>Certificates that nodes know each other by; null where all of them are on this machine.</summary>
    public NodeTls? Tls { get; init; }

    /// <summary>
    /// Coordinators to join, as <c>host:port</c>, the same list in the same order on every node. A coordinator that is the first of them begins a cluster where
    /// it finds none. An empty list makes a cluster of its own.
    /// </summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Folder of the blob store, shared by all nodes of a cluster; <c>{DataFolder}/blobs</c> by default.</summary>
    public string? SharedBlobs { get; init; }

    /// <summary>Bucket of the blob store, in place of a folder; null for a folder.</summary>
    public BucketAddress? Bucket { get; init; }

    /// <summary>Bytes of a bucket's blobs that this machine keeps while nobody uses them.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long BlobCacheBytes { get; init; } = 8L << 30;

    /// <summary>Downloads at a time on this node.</summary>
    [Range(1, 64)]
    public int CrawlerSlots { get; init; } = 4;

    /// <summary>Sandboxes at a time on this node; the number of processors by default.</summary>
    [Range(1, 256)]
    public int WorkerSlots { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Minutes between two trials of a worker's sandbox by canaries, give or take a tenth; 0 for none, so that work is taken untried.</summary>
    [Range(0, 1440)]
    public double CanaryMinutes { get; init; } = 5;

    /// <summary>Repos a task cluster's profile is fitted on at most, by likes (paper, section on training data: 2,000).</summary>
    [Range(20, 100_000)]
    public int TrainingRepos { get; init; } = 2000;

    /// <summary>When profiles are fitted, on what, and when they may score.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How profiles are fitted.</summary>
    public FitOptions Fitting { get; init; } = new();

    /// <summary>How many flags people look at a day.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>Seconds between two looks at the hub for new pushes.</summary>
    [Range(1, 86_400)]
    public int PollSeconds { get; init; } = 60;

    /// <summary>Days after which the whole hub is walked over again, in the lowest lane: what became private, gated, renamed or was deleted shows only by not being shown.</summary>
    [Range(0.001, 365)]
    public double WalkEveryDays { get; init; } = 7;

    /// <summary>Bytes that the blob store may take, all nodes together; over it, what is analysed is deleted, the oldest first.</summary>
    [Range(1L << 20, long.MaxValue)]
    public long DiskBudgetBytes { get; init; } = long.MaxValue;

    /// <summary>Which of the hub's repos are walked over and watched.</summary>
    public HubQuery Query { get; init; } = HubQuery.All;

    /// <summary>Pipeline tags whose <see cref="TrainingRepos"/> most-liked repos are listed before everything else.</summary>
    public IReadOnlyList<string> TrainingTags { get; init; } = [];

    /// <summary>What the hub's webhooks say to be believed; null takes none.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>Address that pages, API and metrics listen on. Beyond loopback people must sign in.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>Who may come in.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>What the admission check lets in.</summary>
    public AdmissionPolicy Admission { get; init; } = AdmissionPolicy.Default;

    /// <summary>PostgreSQL database for journal, snapshots and read model, shared by all coordinators; null keeps them in files of the data folder.</summary>
    public SqlStore? Database { get; init; }

    /// <summary>OTLP endpoint for traces and metrics, or null for none.</summary>
    public Uri? Otlp { get; init; }

    public string JournalFile => Path.Combine(DataFolder, "journal.db");

    public string ReadModelFile => Path.Combine(DataFolder, "readmodel.db");

    public SqlStore Journal => Database ?? SqlStore.InFile(JournalFile);

    public SqlStore ReadModel => Database ?? SqlStore.InFile(ReadModelFile);

    public string BlobFolder => SharedBlobs ?? Path.Combine(DataFolder, "blobs");

    public string ProfileFolder => Path.Combine(DataFolder, "profiles");

    public string LogFile => Path.Combine(DataFolder, "logs", "dynahug-.log");

    public string SandboxFolder => Path.Combine(DataFolder, "sandbox");

    public string Reports => ReportFolder ?? Path.Combine(DataFolder, "reports");

    public bool Has(string role) => Roles.Contains(role);
}

using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.References;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>
/// The live study: detectors are fitted on benign files of one sample hub (seed 1) and judge files of others, which no choice was made by. What
/// is compared is fixed here, before the loads are made.
/// </summary>
internal sealed class LiveStudy(IReadOnlyList<LiveLoad> loads, CancellationToken cancel)
{
    /// <summary>Most benign files that anything is fitted on.</summary>
    public const int MostTraining = 200;

    /// <summary>
    /// Calls of which one more must be found: what touches files, programs, network, other processes and rights. Calls that only touch the
    /// loading process's own memory, and those that follow a file's size, are no behaviour of their own.
    /// </summary>
    public static readonly IReadOnlyList<string> OneMoreCalls =
    [
        "openat", "newfstatat", "close", "write", "getdents64", "socket", "connect", "sendto", "execve", "clone", "fork", "vfork", "wait4", "kill", "ptrace",
        "unlink", "rename", "mkdir", "chmod", "chown", "symlink", "pipe2", "dup2", "setsid", "prctl", "mprotect", "ioctl", "readlink", "access", "uname",
    ];

    private static readonly FitOptions Options = new() { Processors = Environment.ProcessorCount };

    private readonly IReadOnlyList<Load> training = [.. loads.Where(load => load is { IsBenign: true, Group: 1 }).OrderBy(load => load.Id, StringComparer.Ordinal).Take(MostTraining).Select(load => load.ToLoad())];
    private readonly IReadOnlyList<Load> references = [.. loads.Where(load => load.Group == LiveLoad.References).Select(load => load.ToLoad())];
    private readonly IReadOnlyList<LiveLoad> unseen = Unseen(loads);
    private readonly IReadOnlyList<LiveLoad> injected = [.. loads.Where(load => !load.IsBenign)];

    public List<LiveRow> Rows { get; } = [];

    public List<Series> Roc { get; } = [];

    public List<Series> Values { get; } = [];

    public List<Series> BySize { get; } = [];

    /// <summary>One-call-more loads that were missed by the default recipe: call → how many.</summary>
    public IReadOnlyDictionary<string, int> Missed { get; private set; } = new Dictionary<string, int>();

    public void Run(Action<string> report)
    {
        report($"studying {training.Count} loads to fit on, {unseen.Count} unseen benign ones, {injected.Count} with a payload");
        Detectors();
        report("feature families");
        Features();
        report("task clusters");
        Clusters();
        report("training sizes");
        Sizes();
        report("sizes and formats that are not in training");
        Shifts();
    }

    private void Detectors()
    {
        var ours = Default(training);
        Rows.Add(Judge("detectors", "default", training.Count, ours, unseen, injected));
        Curves("default", ours);
        Missed = MissedBy(ours);
        (string Name, IDetector Detector)[] others =
        [
            ("paper (RBF)", new PaperDetector()),
            ("paper, trimmed scaling", new PaperDetector(FeatureSchemas.PresenceFrequency, new OneClassSvmOptions(), Scalings.Trimmed)),
            ("paper, quartile scaling", new PaperDetector(FeatureSchemas.PresenceFrequency, new OneClassSvmOptions(), Scalings.Quartiles)),
            ("paper, linear kernel", WithKernel(new Kernel(KernelKind.Linear))),
            ("paper, sigmoid kernel", WithKernel(new Kernel(KernelKind.Sigmoid, 0.01))),
            ("paper, polynomial kernel", WithKernel(new Kernel(KernelKind.Poly, 0.01, Coef0: 1))),
            ("isolation forest", new IsolationForestDetector()),
            ("SGD one-class SVM", new NystromDetector()),
            ("never-seen calls", new NeverSeenDetector()),
        ];
        foreach (var (name, detector) in others)
        {
            var fitted = detector.Fit(training, Options.Seed, cancel);
            Rows.Add(Judge("detectors", name, training.Count, fitted.Value, unseen, injected));
            if (name is "paper (RBF)" or "isolation forest" or "SGD one-class SVM")
            {
                Roc.Add(RocOf(name, fitted.Value));
            }
        }
    }

    /// <summary>One call more has no place in an order of calls, nor in a file: only whole loads are judged.</summary>
    private void Features()
    {
        foreach (var schema in FeatureSchemas.All)
        {
            var fitted = new PaperDetector(schema, new OneClassSvmOptions(), Scalings.StandardDeviation).Fit(training, Options.Seed, cancel);
            Rows.Add(Judge("features (published detector)", schema.Id, training.Count, fitted.Value, unseen, injected, oneMore: false));
        }
    }

    private void Clusters()
    {
        foreach (var cluster in loads.Select(load => load.TaskCluster).Distinct().Where(cluster => cluster != TaskCluster.NotClustered).Order(StringComparer.Ordinal))
        {
            var own = loads.Where(load => load is { IsBenign: true, Group: 1 } && load.TaskCluster == cluster).OrderBy(load => load.Id, StringComparer.Ordinal).Select(load => load.ToLoad()).ToList();
            var (judged, bad) = (unseen.Where(load => load.TaskCluster == cluster).ToList(), injected.Where(load => load.TaskCluster == cluster).ToList());
            if (own.Count >= Options.MinimumLoads && training.Count >= own.Count)
            {
                Rows.Add(Judge("task clusters", $"{cluster} by its own profile", own.Count, Default(own), judged, bad));
                Rows.Add(Judge("task clusters", $"{cluster} by a not-clustered profile", own.Count, Default([.. training.Take(own.Count)]), judged, bad));
            }
        }
    }

    private void Sizes()
    {
        var (alarms, missed) = (new List<(double, double)>(), new List<(double, double)>());
        foreach (var size in new[] { 25, 50, 100, 150, MostTraining }.Select(size => Math.Min(size, training.Count)).Distinct())
        {
            var row = Judge("training sizes", $"{size} files", size, Default([.. training.Take(size)]), unseen, injected);
            Rows.Add(row);
            alarms.Add((size, 100.0 * row.FalseAlarms / Math.Max(1, row.Benign)));
            missed.Add((size, 100.0 * (row.OneMore - row.OneMoreFound) / Math.Max(1, row.OneMore)));
        }

        BySize.Add(new Series("false alarms, % of unseen benign loads", alarms));
        BySize.Add(new Series("one call more missed, %", missed));
    }

    private void Shifts()
    {
        var bySize = training.OrderBy(load => load.Structure.Bytes).ToList();
        var smaller = bySize.Take(bySize.Count / 2).ToList();
        var largest = smaller.Count == 0 ? 0 : smaller[^1].Structure.Bytes;
        var knownFormats = smaller.Select(load => load.Format).ToHashSet();
        Rows.Add(Judge("not in training", "bigger files than any", smaller.Count, Default(smaller), [.. unseen.Where(load => load.Structure.Bytes > largest && knownFormats.Contains(load.Format))], []));
        foreach (var format in training.Select(load => load.Format).Distinct().Order(StringComparer.Ordinal))
        {
            var without = training.Where(load => load.Format != format).ToList();
            Rows.Add(Judge("not in training", $"format {format}", without.Count, Default(without), [.. unseen.Where(load => load.Format == format)], [.. injected.Where(load => load.Format == format)]));
        }
    }

    private LiveRow Judge(string table, string row, int fittedOn, Func<Load, double> value, IReadOnlyList<LiveLoad> benign, IReadOnlyList<LiveLoad> bad, bool oneMore = true)
    {
        var judged = benign.Select(load => load.ToLoad()).ToList();
        var changed = oneMore ? OneMore(judged).ToList() : [];
        return new LiveRow(
            table, row, fittedOn,
            judged.Count, judged.AsParallel().WithCancellation(cancel).Count(load => value(load) < 0),
            changed.Count, changed.AsParallel().WithCancellation(cancel).Count(entry => value(entry.Load) < 0),
            bad.Count, bad.AsParallel().WithCancellation(cancel).Count(load => value(load.ToLoad()) < 0));
    }

    private Dictionary<string, int> MissedBy(Func<Load, double> value) => OneMore([.. unseen.Select(load => load.ToLoad())])
        .AsParallel().WithCancellation(cancel).Where(entry => value(entry.Load) >= 0)
        .GroupBy(entry => entry.Call).OrderByDescending(group => group.Count()).ToDictionary(group => group.Key, group => group.Count());

    private void Curves(string name, Func<Load, double> value)
    {
        Roc.Add(RocOf(name, value));
        Values.Add(new Series("unseen benign", Histogram(unseen.Select(load => value(load.ToLoad())))));
        Values.Add(new Series("with a payload", Histogram(injected.Select(load => value(load.ToLoad())))));
        Values.Add(new Series("one call more", Histogram(OneMore([.. unseen.Select(load => load.ToLoad())]).Select(entry => value(entry.Load)))));
    }

    /// <summary>Share of the injected loads found against share of the benign ones flagged, for every threshold.</summary>
    private Series RocOf(string name, Func<Load, double> value)
    {
        var (good, bad) = (unseen.Select(load => value(load.ToLoad())).ToList(), injected.Select(load => value(load.ToLoad())).ToList());
        var thresholds = good.Concat(bad).Distinct().Order().Prepend(double.NegativeInfinity);
        return new Series(name, [.. thresholds.Select(threshold => (Share(good, threshold), Share(bad, threshold)))]);

        static double Share(List<double> values, double threshold) => values.Count == 0 ? 0 : (double)values.Count(value => value <= threshold) / values.Count;
    }

    private static List<(double X, double Y)> Histogram(IEnumerable<double> values)
    {
        const double width = 0.1;
        var all = values.Select(value => Math.Clamp(value, -1.5, 1.5)).ToList();
        return [.. all.GroupBy(value => Math.Floor(value / width)).OrderBy(group => group.Key).Select(group => ((group.Key + 0.5) * width, 100.0 * group.Count() / all.Count))];
    }

    private static IEnumerable<(string Call, Load Load)> OneMore(IReadOnlyList<Load> benign) =>
        from load in benign
        from call in OneMoreCalls
        let number = Syscalls.NumberOf(call) ?? throw new InvalidOperationException($"'{call}' is no system call")
        select (call, load with { Counts = new Dictionary<int, long>(load.Counts) { [number] = load.Counts.GetValueOrDefault(number) + 1 } });

    private static PaperDetector WithKernel(Kernel kernel) => new(FeatureSchemas.PresenceFrequency, new OneClassSvmOptions { Kernel = kernel }, Scalings.StandardDeviation);

    /// <summary>Benign loads of the other seeds whose content is not trained on.</summary>
    private static List<LiveLoad> Unseen(IReadOnlyList<LiveLoad> loads)
    {
        var trained = loads.Where(load => load.Group == 1).Select(load => load.Id).ToHashSet();
        return [.. loads.Where(load => load is { IsBenign: true, Group: > 1 } && !trained.Contains(load.Id))];
    }

    /// <summary>As a refit does it, with our own files for formats that are missing.</summary>
    private Func<Load, double> Default(IReadOnlyList<Load> chosen)
    {
        var isMissing = ReferenceFiles.MissingIn(chosen);
        List<Load> beside = [.. references.Where(reference => isMissing(reference.Format))];
        return ProfileFitter.Fit(TaskCluster.NotClustered, chosen[0].Environment!, chosen, DetectorCatalogue.Default, Options, cancel, references: beside).Value;
    }
}

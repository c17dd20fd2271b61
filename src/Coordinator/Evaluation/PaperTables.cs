using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Evaluation;

/// <summary>Tables 5, 8, 9, 10 and 11 of the paper, computed from its public counts by its recipe and by ours.</summary>
/// <param name="foldOf">Training rows of the published model of a cluster, or null where they are not known (then all rows train).</param>
internal sealed class PaperTables(IReadOnlyList<EvaluationSet> sets, Func<string, IReadOnlyList<int>?> foldOf, CancellationToken cancel)
{
    private const string Paper = "paper";
    private const string Default = "default";
    private const int PublishedSize = 2000;
    private const string LoggedRows = "its 20 real and 1,000 PyPI-injected rows have no public counts";
    private const string WrongRows = "the published 2-gram columns are attached to the wrong rows";

    private static readonly IDetector PresenceOnly = new PaperDetector(FeatureSchemas.Presence, new OneClassSvmOptions(), Scalings.StandardDeviation);
    private static readonly IDetector FrequencyOnly = new PaperDetector(FeatureSchemas.Frequency, new OneClassSvmOptions(), Scalings.StandardDeviation);

    private readonly Dictionary<(string Cluster, int Training), Confusion> ours = [];

    private EvaluationSet Generation => sets.First(set => set.Cluster == EvaluationSet.TextGeneration);

    private EvaluationSet Classification => sets.First(set => set.Cluster == EvaluationSet.TextClassification);

    private EvaluationSet NotClustered => sets.First(set => set.Cluster == TaskCluster.NotClustered);

    public IReadOnlyList<EvaluationRow> Rows() => [.. MainResult(), .. Features(), .. Detectors(), .. Clustering(), .. TrainingSizes()];

    private IEnumerable<EvaluationRow> MainResult() =>
    [
        .. Pair(5, "text-generation", Generation, new Published(1, 14, 0.9963, LoggedRows), PublishedModel(Generation)),
        .. Pair(5, "text-classification", Classification, new Published(28, 15, 0.9893, LoggedRows), PublishedModel(Classification)),
    ];

    private IEnumerable<EvaluationRow> Features() =>
    [
        Row(8, "presence", Generation, Paper, Judge(PresenceOnly, Generation), new Published(null, null, 0.9086, LoggedRows)),
        Row(8, "frequency", Generation, Paper, Judge(FrequencyOnly, Generation), new Published(null, null, 0.9963, LoggedRows)),
        .. Pair(8, "presence + frequency", Generation, new Published(1, 14, 0.9963, LoggedRows), PublishedModel(Generation)),
        EvaluationRow.Missing(8, "presence + frequency + sequence", Generation.Cluster, new Published(33, null, null), WrongRows),
        EvaluationRow.Missing(8, "presence + frequency + process sequence", Generation.Cluster, new Published(51, null, null), WrongRows),
    ];

    private IEnumerable<EvaluationRow> Detectors() =>
    [
        .. Pair(9, "one-class SVM", Generation, new Published(1, 14, 0.9963, LoggedRows), PublishedModel(Generation)),
        .. Alternative(new IsolationForestDetector(), "isolation forest", new Published(null, null, 0.9419, LoggedRows)),
        .. Alternative(new NystromDetector(), "SGD one-class SVM", new Published(null, null, 0.9837, $"unseeded; {LoggedRows}")),
        .. Alternative(new NeverSeenDetector(), "never-seen calls (not in the paper)", null),
    ];

    private IEnumerable<EvaluationRow> Clustering() =>
    [
        .. Pair(10, "clustered, text-generation", Generation, new Published(4, null, 0.9851, "of 200 benign; which is not public"), AllRows(Generation)),
        .. Pair(10, "clustered, text-classification", Classification, new Published(7, null, 0.9803, "of 200 benign; which is not public"), AllRows(Classification)),
        .. Pair(10, "not clustered", NotClustered, new Published(9, null, 0.9754, "of 200 benign; which is not public"), AllRows(NotClustered)),
    ];

    private IEnumerable<EvaluationRow> TrainingSizes() =>
    [
        .. Pair(11, "1000 training files", First(Generation, 1000), new Published(null, null, 0.9804), AllRows(First(Generation, 1000))),
        .. Pair(11, "2000 training files", Generation, new Published(null, null, 0.9851), AllRows(Generation)),
        EvaluationRow.Missing(11, "3000 training files", Generation.Cluster, new Published(null, null, 0.9884), "counts of 2,000 training files only are at hand"),
    ];

    /// <summary>The paper's recipe beside ours, which always learns from all training rows of the set.</summary>
    private IEnumerable<EvaluationRow> Pair(int table, string row, EvaluationSet set, Published published, (Confusion Confusion, string Note) paper) =>
    [
        Row(table, row, set, Paper, paper.Confusion, published, paper.Note),
        Row(table, row, set, Default, Ours(set), published),
    ];

    private IEnumerable<EvaluationRow> Alternative(IDetector detector, string row, Published? published) =>
        [Row(9, row, Generation, detector.Name, Judge(detector, Generation), published)];

    /// <summary>The model that was published learnt from one of five folds.</summary>
    private (Confusion Confusion, string Note) PublishedModel(EvaluationSet set) => foldOf(set.Cluster) is { } rows
        ? (Judge(new PaperDetector(), set with { Training = [.. rows.Select(row => set.Training[row])] }), $"fitted on the {rows.Count} rows of the published model's fold")
        : AllRows(set);

    private (Confusion Confusion, string Note) AllRows(EvaluationSet set) => (Judge(new PaperDetector(), set), $"fitted on {set.Training.Count} rows");

    private static EvaluationSet First(EvaluationSet set, int count) => set with { Training = [.. set.Training.Take(Math.Min(count, PublishedSize))] };

    private static EvaluationRow Row(int table, string row, EvaluationSet set, string recipe, Confusion confusion, Published? published, string note = "") =>
        EvaluationRow.Of(table, row, set, recipe, confusion, published, note);

    private Confusion Ours(EvaluationSet set)
    {
        var key = (set.Cluster, set.Training.Count);
        if (!ours.TryGetValue(key, out var confusion))
        {
            var profile = ProfileFitter.Fit(set.Cluster, "paper", set.Training, new FitOptions(), cancel);
            ours[key] = confusion = Count(set, load => profile.Score(load).Outlier);
        }

        return confusion;
    }

    private Confusion Judge(IDetector detector, EvaluationSet set)
    {
        var fitted = detector.Fit(set.Training, new FitOptions().Seed, cancel);
        return Count(set, load => fitted.Value(load) < 0);
    }

    private Confusion Count(EvaluationSet set, Func<Load, bool> isOutlier)
    {
        var falseAlarms = set.Benign.AsParallel().WithCancellation(cancel).Count(isOutlier);
        var found = set.Malicious.AsParallel().WithCancellation(cancel).Count(isOutlier);
        return new Confusion(falseAlarms, set.Malicious.Count - found, found, set.Benign.Count - falseAlarms);
    }
}

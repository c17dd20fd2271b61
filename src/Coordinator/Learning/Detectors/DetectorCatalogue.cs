namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>Every detector there is; profiles name theirs.</summary>
public static class DetectorCatalogue
{
    private static readonly double[] Nus = [0.0005, 0.005];
    private static readonly bool[] Either = [true, false];

    /// <summary>The default recipe with each of its hyperparameters; <see cref="ProfileFitter"/> chooses by cross-validation.</summary>
    public static IReadOnlyList<IDetector> Default { get; } =
        [.. from laws in Either from pooled in Either from nu in Nus select new RepeatableCallsDetector(nu, laws, pooled)];

    /// <summary>One of each kind, for reading profiles and for comparison.</summary>
    public static IReadOnlyList<IDetector> All { get; } =
        [Default[0], new PaperDetector(), new IsolationForestDetector(), new NystromDetector(), new NeverSeenDetector()];

    /// <exception cref="InvalidDataException">No detector has this name.</exception>
    public static IDetector Find(string name) =>
        All.FirstOrDefault(detector => detector.Name == name)
        ?? throw new InvalidDataException($"detector '{Shared.Printable.Of(name, 40)}' is not known: the profile was made by a newer version");
}

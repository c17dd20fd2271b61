using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>Every detector there is; profiles name theirs.</summary>
public static class DetectorCatalogue
{
    private static readonly double[] Nus = [0.0005, 0.005];
    private static readonly bool[] Either = [true, false];
    private static readonly bool[] OnlyIfBetter = [false, true];

    /// <summary>The default recipe with each of its hyperparameters; <see cref="ProfileFitter"/> chooses by cross-validation.</summary>
    public static IReadOnlyList<IDetector> Default { get; } =
        [.. from laws in Either from pooled in Either from known in OnlyIfBetter from nu in Nus select new RepeatableCallsDetector(nu, laws, pooled, known)];

    /// <summary>
    /// The paper's grid (section on the classifier: nu 0.01 to 0.5, linear, RBF and sigmoid kernels, gamma 0.01, 0.1, 1), and the polynomial kernel of
    /// degree 3 beside it. Where two are equal by cross-validation the first wins: the paper's own choice comes first.
    /// </summary>
    public static IReadOnlyList<IDetector> PaperGrid { get; } =
    [
        .. from kernel in new Kernel[]
            {
                new(KernelKind.Rbf, 0.1), new(KernelKind.Rbf, 0.01), new(KernelKind.Rbf), new(KernelKind.Linear),
                new(KernelKind.Sigmoid, 0.01), new(KernelKind.Sigmoid, 0.1), new(KernelKind.Sigmoid), new(KernelKind.Poly, 0.01, Coef0: 1),
            }
            from nu in new[] { 0.01, 0.05, 0.1, 0.5 }
            select new PaperDetector(FeatureSchemas.PresenceFrequency, new OneClassSvmOptions { Kernel = kernel, Nu = nu }, Scalings.StandardDeviation),
    ];

    /// <summary>One of each kind, for reading profiles and for comparison.</summary>
    public static IReadOnlyList<IDetector> All { get; } =
        [Default[0], new PaperDetector(), new IsolationForestDetector(), new NystromDetector(), new NeverSeenDetector()];

    /// <exception cref="InvalidDataException">No detector has this name.</exception>
    public static IDetector Find(string name) =>
        All.FirstOrDefault(detector => detector.Name == name)
        ?? throw new InvalidDataException($"detector '{Shared.Printable.Of(name, 40)}' is not known: the profile was made by a newer version");
}

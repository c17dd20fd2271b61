using System.ComponentModel.DataAnnotations;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>What a one-class SVM is fitted with.</summary>
public sealed class OneClassSvmOptions
{
    /// <summary>Upper bound of the share of training rows left outside, and lower bound of the share of support vectors.</summary>
    [Range(1e-6, 1)]
    public double Nu { get; init; } = 0.01;

    [Required]
    public Kernel Kernel { get; init; } = new(KernelKind.Rbf, Gamma: 0.1);

    /// <summary>Largest violation of the optimality conditions at which the solver stops; libsvm's default is 1e-3, which moves decision values by up to 4e-4.</summary>
    [Range(1e-14, 1)]
    public double Tolerance { get; init; } = 1e-9;

    [Range(1, int.MaxValue)]
    public int MaximumIterations { get; init; } = 10_000_000;
}

using System.Text.Json.Serialization;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>Kernel functions of libsvm, by its names.</summary>
public enum KernelKind
{
    /// <summary>u·v</summary>
    [JsonStringEnumMemberName("linear")] Linear,

    /// <summary>exp(−gamma·|u−v|²)</summary>
    [JsonStringEnumMemberName("rbf")] Rbf,

    /// <summary>tanh(gamma·u·v + coef0)</summary>
    [JsonStringEnumMemberName("sigmoid")] Sigmoid,

    /// <summary>(gamma·u·v + coef0)^degree</summary>
    [JsonStringEnumMemberName("poly")] Poly,
}

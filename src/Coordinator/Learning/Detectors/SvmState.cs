using DynaHug.Coordinator.Learning.Svm;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A fitted one-class SVM as it stands in a profile; what comes back from a file is hostile until checked.</summary>
/// <param name="Vectors">Support vectors; of each only the columns that are not 0, as column → value.</param>
internal sealed record SvmState(Kernel Kernel, int Width, IReadOnlyList<IReadOnlyDictionary<int, double>> Vectors, IReadOnlyList<double> Alpha, double Rho)
{
    private const int WidestVector = 100_000;
    private const long LargestModel = 50_000_000;

    public static SvmState Of(OneClassModel model) => new(
        model.Kernel,
        model.SupportVectors[0].Length,
        [.. model.SupportVectors.Select(Sparse)],
        model.Alpha,
        model.Rho);

    /// <exception cref="InvalidDataException">Lengths, columns or numbers that no fit gives.</exception>
    public OneClassModel Model(int width)
    {
        var fits = Width == width && width is > 0 and <= WidestVector
            && Vectors.Count > 0 && Vectors.Count == Alpha.Count && (long)Vectors.Count * Width <= LargestModel
            && double.IsFinite(Rho) && Alpha.All(alpha => double.IsFinite(alpha) && alpha > 0)
            && Enum.IsDefined(Kernel.Kind) && double.IsFinite(Kernel.Gamma) && double.IsFinite(Kernel.Coef0) && Kernel.Degree is >= 0 and <= 20
            && Vectors.All(vector => vector.All(entry => entry.Key >= 0 && entry.Key < Width && double.IsFinite(entry.Value)));
        return fits
            ? new OneClassModel(Kernel, [.. Vectors.Select(Dense)], Alpha, Rho)
            : throw new InvalidDataException($"the profile's one-class SVM of {Vectors.Count} vectors does not fit its features: the file is damaged");
    }

    private static IReadOnlyDictionary<int, double> Sparse(double[] vector) =>
        vector.Select((value, column) => (column, value)).Where(entry => entry.value != 0).ToDictionary(entry => entry.column, entry => entry.value);

    private double[] Dense(IReadOnlyDictionary<int, double> sparse)
    {
        var vector = new double[Width];
        foreach (var (column, value) in sparse)
        {
            vector[column] = value;
        }

        return vector;
    }
}

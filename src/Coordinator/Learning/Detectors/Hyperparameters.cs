using System.Globalization;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>Hyperparameters as people read them.</summary>
internal static class Hyperparameters
{
    public static IReadOnlyDictionary<string, string> Of(params (string Name, IFormattable Value)[] values) =>
        values.ToDictionary(entry => entry.Name, entry => entry.Value.ToString(null, CultureInfo.InvariantCulture));
}

using DynaHug.Coordinator.Learning;

namespace DynaHug.Coordinator.Training;

/// <summary>Loads that a profile has to find: for a few benign loads of each format, each small payload's calls added; and loads of files with a payload.</summary>
internal static class Canaries
{
    private const int LoadsPerFormat = 5;

    public static (string Name, Load Load) Of(InjectedLoad injected) => ($"{injected.File.Payload} put into {injected.File.Host}", injected.Load);

    /// <summary>The same loads give the same canaries; names say what was added to which load.</summary>
    public static IEnumerable<(string Name, Load Load)> Of(IReadOnlyList<Load> benign) =>
        from format in benign.GroupBy(load => load.Format).OrderBy(loads => loads.Key, StringComparer.Ordinal)
        from load in format.OrderBy(load => load.Id, StringComparer.Ordinal).Take(LoadsPerFormat)
        from turn in Enumerable.Range(0, Perturbations.Count)
        select ($"{Perturbations.NameOf(turn)} added to {load.Id}", Perturbations.Perturb(load, turn));
}

namespace DynaHug.Coordinator.Learning;

/// <summary>How the loads of a profile were chosen. Their ids are the profile's <see cref="Profile.Training"/>.</summary>
/// <param name="Rule">In words: what was taken, in which order, with which bounds.</param>
/// <param name="Formats">Content format → loads.</param>
/// <param name="LeftOut">Reason → repos or files that were not taken, for instance <c>flagged by the hub</c>.</param>
public sealed record TrainingManifest(string Rule, IReadOnlyDictionary<string, int> Formats, IReadOnlyDictionary<string, int> LeftOut)
{
    /// <summary>Of loads that somebody else chose.</summary>
    public static TrainingManifest Given(IReadOnlyList<Load> loads) => Of("the loads that were given", loads, new Dictionary<string, int>());

    public static TrainingManifest Of(string rule, IReadOnlyList<Load> loads, IReadOnlyDictionary<string, int> leftOut) => new(
        rule,
        loads.CountBy(load => load.Format).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(),
        leftOut);
}

using System.Text.Json.Serialization;

namespace DynaHug.Coordinator.Learning;

/// <summary>How the loads of a profile were chosen. Their ids are the profile's <see cref="Profile.Training"/>.</summary>
/// <param name="Rule">In words: what was taken, in which order, with which bounds.</param>
/// <param name="Formats">Content format → loads.</param>
/// <param name="LeftOut">Reason → repos or files that were not taken, for instance <c>flagged by the hub</c>.</param>
/// <param name="Injected">Files with a payload that had to be found: no detector was fitted on them. Null where there were none.</param>
/// <param name="References">Our own files, by sha256 in hex, that were learned from for formats of which the loads are too few. Null where there were none.</param>
public sealed record TrainingManifest(
    string Rule,
    IReadOnlyDictionary<string, int> Formats,
    IReadOnlyDictionary<string, int> LeftOut,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<InjectedFile>? Injected = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? References = null)
{
    /// <summary>Of loads that somebody else chose.</summary>
    public static TrainingManifest Given(IReadOnlyList<Load> loads) => Of("the loads that were given", loads, new Dictionary<string, int>());

    public static TrainingManifest Of(
        string rule, IReadOnlyList<Load> loads, IReadOnlyDictionary<string, int> leftOut, IReadOnlyList<InjectedLoad>? injected = null, IReadOnlyList<Load>? references = null) => new(
        rule,
        loads.CountBy(load => load.Format).OrderBy(entry => entry.Key, StringComparer.Ordinal).ToDictionary(),
        leftOut,
        injected is { Count: > 0 } ? [.. injected.Select(positive => positive.File)] : null,
        references is { Count: > 0 } ? [.. references.Select(load => load.Id).Order(StringComparer.Ordinal)] : null);
}

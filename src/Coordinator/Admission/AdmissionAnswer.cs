using System.Text.Json.Serialization;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Admission;

/// <summary>May a registry admit a revision?</summary>
public enum Decided
{
    [JsonStringEnumMemberName("allow")] Allow,
    [JsonStringEnumMemberName("deny")] Deny,

    /// <summary>Nothing is known for it or against it; the reason says why. Never the same as allowed.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>Answer to an admission check.</summary>
/// <param name="Reason">One sentence for whoever is refused.</param>
/// <param name="Revision">Commit that the answer is about; null where the repo was never observed.</param>
/// <param name="Label">The revision's label; null while there is none.</param>
/// <param name="Provisional">Not all files were judged yet; a better answer will come.</param>
/// <param name="Reasons">Plain sentences of the verdict, gravest first.</param>
/// <param name="Case">What people say of the revision; null where nobody has said anything.</param>
/// <param name="Queued">A look at the repo, and at the revision where one was named, was asked for.</param>
/// <param name="Profiles">Ids of the profiles that scored the revision's files; null where none did.</param>
public sealed record AdmissionAnswer(
    Decided Decision,
    string Reason,
    string Repo,
    string? Revision,
    Label? Label,
    bool Provisional,
    double? Score,
    IReadOnlyList<string> Reasons,
    DateTimeOffset? JudgedAt,
    string? Case = null,
    bool Queued = false,
    IReadOnlyList<string>? Profiles = null);

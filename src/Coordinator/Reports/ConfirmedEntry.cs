using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Reports;

/// <summary>A revision that a person has confirmed to be malicious. It stays in every later report, also when it is withdrawn, so that who has read of it learns that.</summary>
/// <param name="PublishedAt">When it was first confirmed.</param>
/// <param name="ModifiedAt">When a person last spoke of it.</param>
/// <param name="WithdrawnAt">When the confirmation was taken back; null while it stands.</param>
/// <param name="Reasons">Of the machine's last verdict on the revision, gravest first.</param>
/// <param name="Contents">Flagged contents of it, as far as they are known still.</param>
public sealed record ConfirmedEntry(
    string Repo,
    string Revision,
    DateTimeOffset PublishedAt,
    DateTimeOffset ModifiedAt,
    DateTimeOffset? WithdrawnAt,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<Sha256> Contents);

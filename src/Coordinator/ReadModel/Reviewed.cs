using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Where a flag stands with people.</summary>
internal static class CaseState
{
    public const string New = "new";
    public const string Confirmed = "confirmed";
    public const string FalseAlarm = "false-alarm";

    /// <summary>Nobody has judged the repo, but each sign of each flagged file is suppressed for its content.</summary>
    public const string Suppressed = "suppressed";

    public static readonly IReadOnlyList<string> All = [New, Confirmed, FalseAlarm, Suppressed];
}

/// <summary>A person's word on a revision.</summary>
/// <param name="Judgement">Kebab-case; empty for a note.</param>
public sealed record Remark(string Revision, string Judgement, string Note, string By, DateTimeOffset At);

/// <summary>A sign that is flagged no more for a content.</summary>
/// <param name="Repo">Where it was when somebody suppressed it.</param>
public sealed record Suppression(Sha256 Artifact, string Sign, RepoId Repo, string Note, string By, DateTimeOffset At);

/// <summary>Something that a person did.</summary>
public sealed record AuditEntry(DateTimeOffset At, string By, string Action, string Subject, string Detail);

/// <summary>Filters under a name.</summary>
public sealed record SavedView(string Name, string Address, string By);

/// <summary>Flagged repos that have something in common.</summary>
/// <param name="Key">The payload or the author.</param>
/// <param name="Newest">When the last of them was flagged.</param>
/// <param name="Example">One of them.</param>
public sealed record FlagGroup(string Key, long Repos, DateTimeOffset Newest, RepoId Example);

using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Admission;

/// <summary>Decides on a revision by what is known of it and a policy. Pure: the same knowledge gives the same answer.</summary>
public static class AdmissionCheck
{
    /// <summary>Stands for the current revision.</summary>
    public const string Branch = "main";

    private const int CommitDigits = 40;

    private sealed record Known(
        string Revision, Label Label, bool Provisional, double Score, IReadOnlyList<string> Reasons, IReadOnlyList<string> Profiles, DateTimeOffset? At, string? Case);

    /// <summary>Whether a revision is named by its commit, and not by a branch or tag, which is another one tomorrow.</summary>
    public static bool IsCommit(string revision) => revision.Length == CommitDigits && revision.All(char.IsAsciiHexDigitLower);

    /// <param name="known">Null where the repo was never observed. Its history is that of the revision, where that is not the current one.</param>
    /// <param name="remarks">What people have said of the repo, the last first.</param>
    /// <param name="pinned">The revision is analysed beside the current one.</param>
    public static AdmissionAnswer Of(RepoId repo, string revision, AdmissionPolicy policy, RepoDetails? known, IReadOnlyList<Remark> remarks, bool pinned = false)
    {
        if (known is null)
        {
            return Unknown(repo, null, policy, "this repo has not been observed");
        }

        var current = known.Summary;
        if (revision == Branch || revision == current.Revision)
        {
            return current.Label is { } label
                ? Judged(repo, policy, new Known(
                    current.Revision, label, current.Provisional, current.Score, current.Reasons, ProfilesOf(known.Files), current.JudgedAt, current.Case))
                : Unknown(repo, current.Revision, policy, "this revision has been observed and has no verdict yet");
        }

        var said = remarks.FirstOrDefault(remark => remark.Revision == revision && remark.Judgement.Length > 0)?.Judgement;
        return known.History.FirstOrDefault(past => past.Revision == revision) is { } found
            ? Judged(repo, policy, new Known(found.Revision, found.Label, found.Provisional, found.Score, found.Reasons, found.Profiles, found.At, said))
            : pinned ? Unknown(repo, revision, policy, "this revision was asked for and has no verdict yet")
            : Unknown(repo, null, policy, $"{Unobserved(revision)}; the current revision is {current.Revision}");
    }

    /// <summary>The answer where it could not be told which revision is meant.</summary>
    public static AdmissionAnswer Unresolved(RepoId repo, AdmissionPolicy policy, string reason) => Unknown(repo, null, policy, reason);

    private static string Unobserved(string revision) => IsCommit(revision)
        ? "this revision has no verdict: it was not the current one while this repo was watched; queue=true has it analysed"
        : "this is no commit; name one by its 40 hexadecimal digits, or ask with queue=true, and the hub is asked which one it is now";

    private static IReadOnlyList<string> ProfilesOf(IReadOnlyList<FileDetails> files) => [.. files.Select(file => file.Verdict?.Profile).OfType<string>().Distinct()];

    private static AdmissionAnswer Judged(RepoId repo, AdmissionPolicy policy, Known known)
    {
        var first = known.Reasons.Count > 0 ? known.Reasons[0] : known.Label.ToString();
        var (decision, reason) = known switch
        {
            { Case: CaseState.Confirmed } when policy.HonourPeople => (Decided.Deny, $"confirmed by a person: {first}"),
            { Case: CaseState.FalseAlarm } when policy.HonourPeople && known.Label.IsFlagged() => (Decided.Allow, $"called a false alarm by a person: {first}"),
            { Case: CaseState.Suppressed } when policy.HonourPeople && known.Label.IsFlagged() => (Decided.Allow, $"suppressed by a person for these contents: {first}"),
            _ when known.Label >= policy.DenyFrom => (Decided.Deny, first),
            { Label: Label.Unknown } => (Of(policy.Unknown), first),
            { Label: Label.Suspicious } => (Decided.Allow, $"suspicious only: {first}"),
            { Provisional: true } when policy.RefuseProvisional => (Of(policy.Unknown), "not all files of this revision are judged yet"),
            _ => (Decided.Allow, first),
        };
        return new AdmissionAnswer(
            decision, reason, repo.Value, known.Revision, known.Label, known.Provisional, known.Score, known.Reasons, known.At, known.Case is CaseState.New ? null : known.Case)
        {
            Profiles = known.Profiles.Count == 0 ? null : known.Profiles,
        };
    }

    private static AdmissionAnswer Unknown(RepoId repo, string? revision, AdmissionPolicy policy, string reason) =>
        new(Of(policy.Unknown), reason, repo.Value, revision, null, Provisional: false, null, [], null);

    private static Decided Of(UnknownModels unknown) => unknown switch
    {
        UnknownModels.Deny => Decided.Deny,
        UnknownModels.Allow => Decided.Allow,
        _ => Decided.Unknown,
    };
}

using System.Text.Json.Serialization;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Microsoft.Net.Http.Headers;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>May a registry admit a revision?</summary>
public enum Admission
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
public sealed record AdmissionAnswer(
    Admission Decision, string Reason, string Repo, string? Revision, Label? Label, bool Provisional, double? Score, IReadOnlyList<string> Reasons, DateTimeOffset? JudgedAt);

/// <summary>
/// <c>GET /api/v1/verdicts/{org}/{name}[@revision]</c>: answers at once from the read model. <c>denyFrom=malicious</c> lets suspicious ones in; by
/// default they are refused. Without a revision, or with <c>main</c>, the current one is meant.
/// </summary>
internal static class AdmissionApi
{
    private const string Branch = "main";

    public static void Map(WebApplication app) => app.MapGet("/api/v1/verdicts/{**subject}", AnswerAsync);

    private static async Task<IResult> AnswerAsync(string subject, string? denyFrom, ReadModelQueries readModel, HttpContext context, CancellationToken cancel)
    {
        if (!RepoId.TryParse(subject, out var repo, out var named) || named is "")
        {
            return Wrong("expected /api/v1/verdicts/org/name or /api/v1/verdicts/org/name@revision");
        }

        var revision = named ?? Branch;
        var limit = FilterNames.Find<Label>(denyFrom ?? Label.Suspicious.Name());
        if (limit is not (Label.Suspicious or Label.Malicious))
        {
            return Wrong("'denyFrom' is one of suspicious, malicious");
        }

        var answer = Of(repo, revision, limit.Value, await readModel.RepoAsync(repo, cancel));
        var tag = new EntityTagHeaderValue($"\"{answer.Decision.Name()}-{answer.Revision ?? "none"}-{answer.JudgedAt?.UtcTicks ?? 0}\"");
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.GetTypedHeaders().ETag = tag;
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Ok(answer);
    }

    internal static AdmissionAnswer Of(RepoId repo, string revision, Label denyFrom, RepoDetails? known)
    {
        if (known is null)
        {
            return Unknown(repo, null, "this repo has not been observed");
        }

        var current = known.Summary;
        if (revision == Branch || revision == current.Revision)
        {
            return current.Label is { } label
                ? Judged(repo, current.Revision, label, current.Provisional, current.Score, current.Reasons, current.JudgedAt, denyFrom)
                : Unknown(repo, current.Revision, "this revision has been observed and has no verdict yet");
        }

        return known.History.FirstOrDefault(past => past.Revision == revision) is { } found
            ? Judged(repo, found.Revision, found.Label, found.Provisional, found.Score, found.Reasons, found.At, denyFrom)
            : Unknown(repo, null, $"this revision has not been observed; the current one is {current.Revision}");
    }

    private static AdmissionAnswer Judged(
        RepoId repo, string revision, Label label, bool provisional, double score, IReadOnlyList<string> reasons, DateTimeOffset? at, Label denyFrom)
    {
        var first = reasons.Count > 0 ? reasons[0] : label.Name();
        var (decision, reason) = label switch
        {
            _ when label >= denyFrom => (Admission.Deny, first),
            Label.Unknown => (Admission.Unknown, first),
            Label.Suspicious => (Admission.Allow, $"suspicious only: {first}"),
            _ when provisional => (Admission.Unknown, "not all files of this revision are judged yet"),
            _ => (Admission.Allow, first),
        };
        return new AdmissionAnswer(decision, reason, repo.Value, revision, label, provisional, score, reasons, at);
    }

    private static AdmissionAnswer Unknown(RepoId repo, string? revision, string reason) =>
        new(Admission.Unknown, reason, repo.Value, revision, null, Provisional: false, null, [], null);

    private static IResult Wrong(string what) => Results.Problem(what, statusCode: StatusCodes.Status400BadRequest);
}

using DynaHug.Shared.Desk;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A notification that its receiver did not take.</summary>
public sealed record DeadLetter(string Webhook, RepoId Repo, string Revision, string Reason, DateTimeOffset At);

/// <summary>What is asked to tell others of flags.</summary>
public sealed partial class ReadModelQueries
{
    /// <summary>Every webhook, and up to when it was told.</summary>
    public async Task<IReadOnlyList<(Webhook Webhook, DateTimeOffset Reached)>> WebhooksAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.Webhooks.OrderBy(row => row.Id).ToListAsync(cancel)).Select(row => (
            new Webhook(row.Id, row.Address, Names.Find<WebhookBody>(row.Body) ?? WebhookBody.Json, (Label)row.Least, row.TaskCluster),
            Stored.Moment(row.ReachedAt)))];
    }

    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.DeadLetters.OrderByDescending(row => row.FailedAt).Take(WorkPage).ToListAsync(cancel))
            .Select(row => new DeadLetter(row.Webhook, RepoId.Parse(row.Repo), row.Revision, row.Reason, Stored.Moment(row.FailedAt)))];
    }

    /// <summary>One flagged repo; null where it is flagged no more.</summary>
    public async Task<FlaggedRepo?> FlaggedRepoAsync(RepoId repo, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Repos.FirstOrDefaultAsync(row => row.Id == repo.Value && row.FlaggedAt != null, cancel) is { } found ? FlaggedOf(found) : null;
    }
}

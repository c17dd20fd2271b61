using DynaHug.Shared.Desk;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of what people have arranged: views, accounts, keys, webhooks.</summary>
internal sealed class DeskProjection(ReadModelConnection db)
{
    public async Task ApplyAsync(IDeskEvent stored, CancellationToken cancel) =>
        await (stored switch
        {
            DeskEvents.ViewSaved view => db.InsertOrReplaceAsync(new SavedViewRow { Name = view.Name, Address = view.Address, By = view.By }, token: cancel),
            DeskEvents.ViewRemoved view => db.SavedViews.DeleteAsync(row => row.Name == view.Name, cancel),
            DeskEvents.AccountSet account => db.InsertOrReplaceAsync(
                new AccountRow { Name = account.Name, PasswordHash = account.PasswordHash, Role = account.Role.Name() }, token: cancel),
            DeskEvents.AccountRemoved account => db.Accounts.DeleteAsync(row => row.Name == account.Name, cancel),
            DeskEvents.KeyIssued key => db.InsertOrReplaceAsync(
                new KeyRow { Id = key.Id, SecretHash = key.SecretHash, Name = key.Name, Role = key.Role.Name(), ExpiresAt = key.Expires.UtcTicks }, token: cancel),
            DeskEvents.KeyRevoked key => db.ApiKeys.Where(row => row.Id == key.Id).Set(row => row.Revoked, true).UpdateAsync(cancel),
            WebhookEvents.WasSet set => SetAsync(set, cancel),
            WebhookEvents.Removed removed => RemovedAsync(removed, cancel),
            WebhookEvents.Reached reached => db.Webhooks.Where(row => row.Id == reached.Id).Set(row => row.ReachedAt, reached.Until.UtcTicks).UpdateAsync(cancel),
            WebhookEvents.Failed failed => db.InsertOrReplaceAsync(
                new DeadLetterRow { Webhook = failed.Id, Repo = failed.Repo.Value, Revision = failed.Revision, Reason = failed.Reason, FailedAt = failed.At.UtcTicks }, token: cancel),
            WebhookEvents.Settled settled => db.DeadLetters.DeleteAsync(row => row.Webhook == settled.Id && row.Repo == settled.Repo.Value, cancel),
            _ => Task.CompletedTask,
        });

    /// <summary>A new webhook is told of what is flagged from now on.</summary>
    private async Task SetAsync(WebhookEvents.WasSet set, CancellationToken cancel)
    {
        var webhook = set.Webhook;
        var reached = await db.Webhooks.Where(row => row.Id == webhook.Id).Select(row => (long?)row.ReachedAt).FirstOrDefaultAsync(cancel);
        await db.InsertOrReplaceAsync(
            new WebhookRow
            {
                Id = webhook.Id,
                Address = webhook.Address,
                Body = webhook.Body.Name(),
                Least = (int)webhook.Least,
                TaskCluster = webhook.TaskCluster,
                ReachedAt = reached ?? set.At.UtcTicks,
            },
            token: cancel);
    }

    private async Task RemovedAsync(WebhookEvents.Removed removed, CancellationToken cancel)
    {
        await db.Webhooks.DeleteAsync(row => row.Id == removed.Id, cancel);
        await db.DeadLetters.DeleteAsync(row => row.Webhook == removed.Id, cancel);
    }
}

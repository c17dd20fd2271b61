using System.Collections.Immutable;

namespace DynaHug.Shared.Desk;

/// <summary>What people have arranged. Small, and bounded by <see cref="MaxViews"/> and the like.</summary>
public sealed record DeskState
{
    public const int MaxViews = 200;
    public const int MaxAccounts = 1000;
    public const int MaxKeys = 1000;
    public const int MaxWebhooks = 50;
    public const int MaxName = 80;

    public static readonly TimeSpan LongestKey = TimeSpan.FromDays(366);

    /// <summary>Name → relative address.</summary>
    public ImmutableSortedDictionary<string, string> Views { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Name → role.</summary>
    public ImmutableSortedDictionary<string, Role> Accounts { get; init; } = ImmutableSortedDictionary.Create<string, Role>(StringComparer.Ordinal);

    /// <summary>Ids of keys that are not revoked.</summary>
    public ImmutableSortedSet<string> Keys { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Ids of webhooks.</summary>
    public ImmutableSortedSet<string> Webhooks { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Why a command cannot be done; null where it can.</summary>
    public string? WhyNot(IForDesk command, DateTimeOffset now) => command switch
    {
        DeskCommands.SaveView { Name.Length: 0 or > MaxName } => $"a view has a name of at most {MaxName} characters",
        DeskCommands.SaveView view when !view.Address.StartsWith('?') => "a view keeps filters; choose some first",
        DeskCommands.SaveView view when Views.Count >= MaxViews && !Views.ContainsKey(view.Name) => $"there are {MaxViews} views already; remove one first",
        DeskCommands.SetAccount { First: true } when Accounts.Count > 0 => "there are accounts already",
        DeskCommands.SetAccount account when !IsName(account.Name) => $"an account's name has at most {MaxName} letters, digits and -_.@",
        DeskCommands.SetAccount account when Accounts.Count >= MaxAccounts && !Accounts.ContainsKey(account.Name) => $"there are {MaxAccounts} accounts already",
        DeskCommands.SetAccount account when IsLastAdmin(account.Name) && account.Role != Role.Admin => "the last admin stays one",
        DeskCommands.RemoveAccount account when IsLastAdmin(account.Name) => "the last admin stays",
        DeskCommands.IssueKey { Name.Length: 0 or > MaxName } => $"a key has a name of at most {MaxName} characters",
        DeskCommands.IssueKey key when key.Expires <= now || key.Expires > now + LongestKey => $"a key ends within {LongestKey.TotalDays:0} days",
        DeskCommands.IssueKey when Keys.Count >= MaxKeys => $"there are {MaxKeys} keys already; revoke one first",
        DeskCommands.RevokeKey key when !Keys.Contains(key.Id) => "there is no such key",
        WebhookCommands.Set set when !(Uri.TryCreate(set.Webhook.Address, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") => "a webhook has an http or https address",
        WebhookCommands.Set set when Webhooks.Count >= MaxWebhooks && !Webhooks.Contains(set.Webhook.Id) => $"there are {MaxWebhooks} webhooks already; remove one first",
        WebhookCommands.RecordFailure failure when !Webhooks.Contains(failure.Id) => "there is no such webhook",
        WebhookCommands.RecordReached reached when !Webhooks.Contains(reached.Id) => "there is no such webhook",
        _ => null,
    };

    /// <summary>Only for commands that <see cref="WhyNot"/> has nothing against.</summary>
    public IReadOnlyList<IDeskEvent> Handle(IForDesk command, DateTimeOffset now) => command switch
    {
        DeskCommands.SaveView view when Views.GetValueOrDefault(view.Name) == view.Address => [],
        DeskCommands.SaveView view => [new DeskEvents.ViewSaved(view.Name, view.Address, view.By, now)],
        DeskCommands.RemoveView view => Views.ContainsKey(view.Name) ? [new DeskEvents.ViewRemoved(view.Name, view.By, now)] : [],
        DeskCommands.SetAccount account => [new DeskEvents.AccountSet(account.Name, account.PasswordHash, account.Role, account.By, now)],
        DeskCommands.RemoveAccount account => Accounts.ContainsKey(account.Name) ? [new DeskEvents.AccountRemoved(account.Name, account.By, now)] : [],
        DeskCommands.RecordSignIn signIn => [new DeskEvents.SignInRecorded(Printable.Of(signIn.Name, MaxName), signIn.Succeeded, signIn.From, now)],
        DeskCommands.IssueKey key => [new DeskEvents.KeyIssued(key.Id, key.SecretHash, key.Name, key.Role, key.Expires, key.By, now)],
        DeskCommands.RevokeKey key => [new DeskEvents.KeyRevoked(key.Id, key.By, now)],
        WebhookCommands.Set set => [new WebhookEvents.WasSet(set.Webhook, set.By, now)],
        WebhookCommands.Remove remove => Webhooks.Contains(remove.Id) ? [new WebhookEvents.Removed(remove.Id, remove.By, now)] : [],
        WebhookCommands.RecordReached reached => [new WebhookEvents.Reached(reached.Id, reached.Until, now)],
        WebhookCommands.RecordFailure failure => [new WebhookEvents.Failed(failure.Id, failure.Repo, failure.Revision, Printable.Of(failure.Reason), now)],
        WebhookCommands.Settle settle => [new WebhookEvents.Settled(settle.Id, settle.Repo, settle.By, now)],
        DeskCommands.Note note => [new DeskEvents.Noted(note.Line, note.By, now)],
        _ => throw new ArgumentException($"{command.GetType().Name} is no command of the desk", nameof(command)),
    };

    public DeskState Apply(IDeskEvent e) => e switch
    {
        DeskEvents.ViewSaved view => this with { Views = Views.SetItem(view.Name, view.Address) },
        DeskEvents.ViewRemoved view => this with { Views = Views.Remove(view.Name) },
        DeskEvents.AccountSet account => this with { Accounts = Accounts.SetItem(account.Name, account.Role) },
        DeskEvents.AccountRemoved account => this with { Accounts = Accounts.Remove(account.Name) },
        DeskEvents.KeyIssued key => this with { Keys = Keys.Add(key.Id) },
        WebhookEvents.WasSet set => this with { Webhooks = Webhooks.Add(set.Webhook.Id) },
        WebhookEvents.Removed removed => this with { Webhooks = Webhooks.Remove(removed.Id) },
        DeskEvents.KeyRevoked key => this with { Keys = Keys.Remove(key.Id) },
        _ => this,
    };

    private bool IsLastAdmin(string name) =>
        Accounts.GetValueOrDefault(name) == Role.Admin && Accounts.Count(account => account.Value == Role.Admin) == 1;

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '@');
}

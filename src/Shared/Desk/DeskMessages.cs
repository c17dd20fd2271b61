using System.Text.Json.Serialization;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Wire;

namespace DynaHug.Shared.Desk;

/// <summary>A message for the desk: the one entity that keeps what people have arranged for themselves and each other.</summary>
public interface IForDesk;

public static class DeskCommands
{
    /// <summary>Keep filters of a page under a name; the name's former filters go.</summary>
    /// <param name="Address">Relative address with its query, for instance <c>?label=malicious</c>.</param>
    public sealed record SaveView(string Name, string Address, string By) : IForDesk;

    public sealed record RemoveView(string Name, string By) : IForDesk;

    /// <summary>Make an account, or give a known one another password or role.</summary>
    /// <param name="PasswordHash">As ASP.NET Core's password hasher writes it; never the password.</param>
    /// <param name="First">Only if there is no account yet.</param>
    public sealed record SetAccount(
        string Name, string PasswordHash, Role Role, string By, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool First = false) : IForDesk;

    public sealed record RemoveAccount(string Name, string By) : IForDesk;

    /// <summary>Write down that somebody has signed in, or tried to.</summary>
    /// <param name="From">Network address it came from.</param>
    public sealed record RecordSignIn(string Name, bool Succeeded, string From) : IForDesk;

    /// <summary>Let a program in.</summary>
    /// <param name="Id">Public part of the key.</param>
    /// <param name="SecretHash">SHA-256 of its secret part, lower-case hex; the secret has 256 random bits.</param>
    public sealed record IssueKey(string Id, string SecretHash, string Name, Role Role, DateTimeOffset Expires, string By) : IForDesk;

    public sealed record RevokeKey(string Id, string By) : IForDesk;

    /// <summary>Write down what somebody did elsewhere: a profile made active, a report made.</summary>
    public sealed record Note(AuditLine Line, string By) : IForDesk;
}

public interface IDeskEvent : IForDesk
{
    DateTimeOffset At { get; }
}

public static class DeskEvents
{
    public sealed record ViewSaved(string Name, string Address, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("saved-view", Name, Address);
    }

    public sealed record ViewRemoved(string Name, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("removed-view", Name, "");
    }

    public sealed record AccountSet(string Name, string PasswordHash, Role Role, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("set-account", Name, Role.Name());
    }

    public sealed record AccountRemoved(string Name, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("removed-account", Name, "");
    }

    public sealed record SignInRecorded(string Name, bool Succeeded, string From, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public string By => Name;

        public AuditLine Describe() => new(Succeeded ? "signed-in" : "failed-to-sign-in", Name, From);
    }

    public sealed record KeyIssued(string Id, string SecretHash, string Name, Role Role, DateTimeOffset Expires, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("issued-key", $"{Name} ({Id})", $"{Role.Name()}, until {Expires.UtcDateTime:yyyy-MM-dd}");
    }

    public sealed record KeyRevoked(string Id, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => new("revoked-key", Id, "");
    }

    public sealed record Noted(AuditLine Line, string By, DateTimeOffset At) : IDeskEvent, IAudited
    {
        public AuditLine Describe() => Line;
    }
}

public static class DeskReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded;

    /// <summary>The command makes no sense now; nothing was stored.</summary>
    public sealed record Refused(string Reason);
}

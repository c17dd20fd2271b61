using DynaHug.Shared.Reviews;

namespace DynaHug.Shared.Desk;

/// <summary>A message for the desk: the one entity that keeps what people have arranged for themselves and each other.</summary>
public interface IForDesk;

public static class DeskCommands
{
    /// <summary>Keep filters of a page under a name; the name's former filters go.</summary>
    /// <param name="Address">Relative address with its query, for instance <c>?label=malicious</c>.</param>
    public sealed record SaveView(string Name, string Address, string By) : IForDesk;

    public sealed record RemoveView(string Name, string By) : IForDesk;
}

public interface IDeskEvent : IForDesk, IAudited;

public static class DeskEvents
{
    public sealed record ViewSaved(string Name, string Address, string By, DateTimeOffset At) : IDeskEvent
    {
        public AuditLine Describe() => new("saved-view", Name, Address);
    }

    public sealed record ViewRemoved(string Name, string By, DateTimeOffset At) : IDeskEvent
    {
        public AuditLine Describe() => new("removed-view", Name, "");
    }
}

public static class DeskReplies
{
    /// <summary>The command's effect is in the journal (or was before).</summary>
    public sealed record Recorded;

    /// <summary>The command makes no sense now; nothing was stored.</summary>
    public sealed record Refused(string Reason);
}

namespace DynaHug.Shared.Monitoring;

public static class MonitorCommands
{
    /// <summary>Asks for <see cref="MonitorReplies.Status"/>.</summary>
    public sealed record GetStatus;
}

public static class MonitorReplies
{
    /// <summary>How far the watch over the hub is.</summary>
    /// <param name="Listed">Repos of the current or last walk that reached their entities.</param>
    /// <param name="Skipped">Listed entries that were refused: hostile or broken names.</param>
    /// <param name="WalkFinished">The whole hub has been listed since this coordinator started.</param>
    /// <param name="Problem">Why the hub cannot be listed at the moment; empty when it can.</param>
    public sealed record Status(long Listed, long Skipped, bool WalkFinished, string Problem);
}

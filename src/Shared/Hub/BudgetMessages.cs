using DynaHug.Shared.Work;

namespace DynaHug.Shared.Hub;

/// <summary>What is said to the one budget of requests that all nodes share.</summary>
public static class BudgetCommands
{
    /// <summary>One request is about to be sent. Answered by <see cref="BudgetReplies.Granted"/> or <see cref="BudgetReplies.Wait"/>.</summary>
    /// <param name="Bucket">The hub's name of the quota that the request counts in: <c>api</c>, <c>resolvers</c>.</param>
    /// <param name="Lane">Whose work it is for.</param>
    public sealed record Take(string Bucket, Lane Lane);

    /// <summary>What an answer of the hub says is left.</summary>
    /// <param name="Left">Requests left in the window; 0 also for an answer of 429 or 503.</param>
    /// <param name="Reset">Time until the window ends, or until the hub wants to be asked again.</param>
    /// <param name="Quota">Requests of a whole window; null where the hub does not say.</param>
    public sealed record Note(string Bucket, long Left, TimeSpan Reset, long? Quota);

    /// <summary>Asks for <see cref="BudgetReplies.Status"/>.</summary>
    public sealed record GetStatus;
}

public static class BudgetReplies
{
    public sealed record Granted(string Bucket);

    /// <summary>Nothing is left for this lane; ask again after <paramref name="Time"/>.</summary>
    public sealed record Wait(string Bucket, TimeSpan Time);

    public sealed record Status(IReadOnlyList<BudgetFigures> Buckets);
}

/// <summary>How much of one quota is left.</summary>
/// <param name="Left">Requests left in the window; null where the hub has not said.</param>
/// <param name="Quota">Requests of a whole window; null where the hub does not say.</param>
/// <param name="Reset">Time until the window ends.</param>
/// <param name="Granted">Requests granted since the start.</param>
/// <param name="Refused">Times that a lane had to wait since the start.</param>
public sealed record BudgetFigures(string Bucket, long? Left, long? Quota, TimeSpan Reset, long Granted, long Refused);

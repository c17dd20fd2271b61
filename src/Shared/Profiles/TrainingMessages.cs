namespace DynaHug.Shared.Profiles;

public static class TrainingCommands
{
    /// <summary>Asks for <see cref="TrainingReplies.Status"/>.</summary>
    public sealed record GetStatus;

    /// <summary>Give up the fit that is running; its task cluster is looked at again when it has more traces.</summary>
    public sealed record CancelFit;
}

public static class TrainingReplies
{
    /// <summary>What the training actor is at.</summary>
    /// <param name="Activity">One line for people.</param>
    /// <param name="Settled">Every task cluster has been looked at since the last change, and nothing waits for a fit or a rescore.</param>
    public sealed record Status(string Activity, bool Settled);
}

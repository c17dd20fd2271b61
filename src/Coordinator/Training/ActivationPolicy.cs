namespace DynaHug.Coordinator.Training;

/// <summary>Whether a candidate may score by itself: every canary that the active profile catches is still caught, and few verdicts change.</summary>
public sealed class ActivationPolicy(TrainingOptions options)
{
    /// <param name="first">No profile scores these traces yet: everything the candidate says is new, and unknown is what it replaces.</param>
    /// <returns>Why it waits for a person; empty where it may score.</returns>
    public string WaitsFor(bool first, int traces, int changed, int canariesLost)
    {
        if (!options.ActivateBySelf)
        {
            return "a person decides about every candidate here";
        }

        if (first)
        {
            return "";
        }

        var bound = Math.Max(options.SmallestBound, (int)(options.LargestChange * traces));
        return canariesLost > 0 ? $"{canariesLost} loads known to be bad would no longer be found"
            : changed > bound ? $"{changed} of {traces} traces would be newly flagged or cleared, more than {bound}"
            : "";
    }
}

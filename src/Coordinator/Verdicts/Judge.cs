using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Verdicts;

/// <summary>Scores an analysis by the profile that is active for it and turns the decision into a verdict.</summary>
public sealed class Judge(ActiveProfiles profiles)
{
    /// <param name="taskCluster">The cluster of the repo; its profile scores, or the not-clustered one where it has none.</param>
    public FileVerdict FileVerdictOf(ArtifactAnalysis analysis, string taskCluster)
    {
        var profile = analysis is { Outcome: Outcome.Analysed, Trace: { } trace } ? profiles.Find(taskCluster, trace.Environment) : null;
        return FileVerdictOf(analysis, profile, taskCluster);
    }

    /// <summary>The same with a given profile, or none.</summary>
    /// <param name="known">What this profile has decided of the load before, where that is known: then nothing is computed.</param>
    public static FileVerdict FileVerdictOf(ArtifactAnalysis analysis, Profile? profile, string taskCluster, Decision? known = null)
    {
        var decision = profile is not null && LoadOf(analysis) is { } load ? known ?? profile.Score(load) : null;
        var other = decision is not null && profile!.TaskCluster != taskCluster;
        return VerdictPolicy.Judge(analysis, decision, profile?.Id, profile?.TaskCluster ?? taskCluster, other ? taskCluster : null);
    }

    /// <summary>What a detector sees of an analysis; null where nothing was loaded to the end.</summary>
    public static Load? LoadOf(ArtifactAnalysis analysis) =>
        analysis is { Outcome: Outcome.Analysed, Artifact: { } artifact, Static: { } read, Trace: { Complete: true, Counts.Count: > 0 } trace }
            ? new Load(artifact.Hex, trace.Counts, read.Format, read.Structure) { Environment = trace.Environment, Opcodes = read.OpcodeCounts }
            : null;
}

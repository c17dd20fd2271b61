using System.Collections.Immutable;
using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Verdicts;

/// <summary>The profiles that score on this node, loaded and ready; replaced as a whole by <see cref="Training.ProfileFollower"/>. Safe for any thread.</summary>
public sealed class ActiveProfiles
{
    private ImmutableDictionary<(string TaskCluster, string Environment), Profile> active =
        ImmutableDictionary<(string, string), Profile>.Empty;

    public IReadOnlyCollection<Profile> All => [.. active.Values];

    public void Activate(Profile profile) =>
        ImmutableInterlocked.AddOrUpdate(ref active, (profile.TaskCluster, profile.Environment), profile, (_, _) => profile);

    /// <summary>Of these task clusters, those whose traces a profile of <paramref name="taskCluster"/> would score: its own, or those without a profile of their own.</summary>
    public IReadOnlyList<string> ScopeOf(string taskCluster, string environment, IEnumerable<string> all) => taskCluster == TaskCluster.NotClustered
        ? [.. all.Append(taskCluster).Distinct().Where(other => other == taskCluster || !active.ContainsKey((other, environment)))]
        : [taskCluster];

    /// <summary>The profile of the task cluster in the environment, else the not-clustered one, else null.</summary>
    public Profile? Find(string taskCluster, string environment) =>
        active.GetValueOrDefault((taskCluster, environment)) ?? active.GetValueOrDefault((TaskCluster.NotClustered, environment));
}

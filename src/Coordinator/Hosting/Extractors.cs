using Akka.Cluster.Sharding;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Profiles;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Reviews;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// Routes messages to entities. The shard counts are part of the stored layout: chosen once (ten a node at ten coordinators)
/// and never changed while a cluster runs.
/// </summary>
public static class Extractors
{
    public const int Shards = 100;

    public static readonly HashCodeMessageExtractor Repos = HashCodeMessageExtractor.Create(Shards, m => (m as IForRepo)?.Repo.Value, m => m);
    public static readonly HashCodeMessageExtractor Artifacts = HashCodeMessageExtractor.Create(Shards, m => (m as IForArtifact)?.Content.Value, m => m);
    public static readonly HashCodeMessageExtractor Profiles = HashCodeMessageExtractor.Create(Shards, m => m is IForProfile p ? ProfileEntity.IdOf(p) : null, m => m);
    public static readonly HashCodeMessageExtractor Reviews = HashCodeMessageExtractor.Create(Shards, m => (m as IForReview)?.Repo.Value, m => m);
    public static readonly HashCodeMessageExtractor Desk = HashCodeMessageExtractor.Create(1, m => m is IForDesk ? DeskEntity.Id : null, m => m);
}

using System.Text.Json.Serialization;

namespace DynaHug.Shared.Hub;

/// <summary>One file of a revision as the hub describes it; sizes in bytes. Never trusted: the fetch checks size and hash.</summary>
/// <param name="Path">Path inside the repo, slashes between segments; already checked by <see cref="HubPath"/>.</param>
/// <param name="Content">sha256 for LFS files, git blob sha1 for plain ones; what the content is filed under before it is fetched.</param>
public sealed record RepoFile(string Path, long Size, Artifacts.ContentKey Content);

/// <summary>What a hub says about a repo beside its files. Every field may be a lie; none decides a verdict.</summary>
/// <param name="Gated">Access to file bytes needs the owner's consent.</param>
/// <param name="HubScan">The hub's own scan status (<c>safe</c>, <c>unsafe</c>, …) or null when unknown.</param>
/// <param name="Place">Its place in a walk over the hub; null where the hub does not say.</param>
public sealed record RepoFacts(
    string? PipelineTag,
    string? Library,
    long Likes,
    long Downloads,
    DateTimeOffset LastModified,
    bool Gated = false,
    string? HubScan = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] HubPlace? Place = null);

/// <summary>
/// Where a repo stands in a walk over a hub, which never changes: the youngest come first, and those of one moment by the hub's key. (The public hub gives all repos
/// from before March 2022 one moment.)
/// </summary>
/// <param name="Key">The hub's own id, <c>_id</c>: 24 hex digits at the public one.</param>
public sealed record HubPlace(DateTimeOffset CreatedAt, string Key);

/// <summary>One revision of a repo with its files: what a crawler learned and a repo entity is told.</summary>
/// <param name="Commit">Commit sha, 40 hex digits.</param>
/// <param name="Refused">Printable paths of entries that cannot be used: an unsafe path, no size, no hash; a bounded number of them.</param>
public sealed record RepoRevision(RepoId Repo, string Commit, RepoFacts Facts, IReadOnlyList<RepoFile> Files, IReadOnlyList<string>? Refused = null);

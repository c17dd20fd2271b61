using System.Text.Json.Serialization;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;

namespace DynaHug.Shared.Work;

/// <summary>A piece of work that a node pulls from a queue. <see cref="Key"/> makes it idempotent: one job per key is queued or leased at a time.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PlanJob), "plan")]
[JsonDerivedType(typeof(FetchJob), "fetch")]
[JsonDerivedType(typeof(TraceJob), "trace")]
public abstract record Job
{
    [JsonIgnore]
    public abstract string Key { get; }

    /// <summary>What is done, as the activity that spans it is called.</summary>
    [JsonIgnore]
    public string Activity => this switch
    {
        PlanJob => "plan",
        FetchJob => "fetch",
        _ => "trace",
    };
}

/// <summary>Read the file list of a revision from the hub; for crawlers.</summary>
public sealed record PlanJob(RepoId Repo, string Commit) : Job
{
    public override string Key => $"plan {Repo} {Commit}";
}

/// <summary>Fetch one content from any repo that has it, then read it statically; for crawlers.</summary>
/// <param name="Whole">Fetch all of it, also where parts would do.</param>
public sealed record FetchJob(
    RepoId Repo, string Commit, RepoFile File, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Whole = false) : Job
{
    public override string Key => Whole ? $"fetch-whole {File.Content}" : $"fetch {File.Content}";
}

/// <summary>Load a stored artifact in a sandbox and trace it; for workers.</summary>
/// <param name="Content">The artifact entity that waits for the trace.</param>
/// <param name="FileName">Last segment of a path it was seen under; some loaders look at the extension.</param>
/// <param name="Format">See <see cref="FileFormat"/>.</param>
/// <param name="Libraries">What its sandbox has imported.</param>
public sealed record TraceJob(
    ContentKey Content, Sha256 Artifact, string FileName, string Format, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] LibrarySet Libraries = LibrarySet.All) : Job
{
    public override string Key => $"trace {Content}";
}

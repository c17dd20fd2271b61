using DynaHug.Shared.Artifacts;

namespace DynaHug.Crawler.Fetching;

/// <summary>How the fetch of one file ended. What our side could not do (a full disk, an unreachable hub) is an exception.</summary>
public abstract record FetchResult
{
    private FetchResult()
    {
    }

    /// <summary>In the blob store, size and hash as the hub declared them.</summary>
    public sealed record Stored(Sha256 Artifact) : FetchResult;

    /// <summary>What decides its load is in the blob store, under the program's name. <paramref name="Declared"/> is the hub's word, unchecked.</summary>
    public sealed record StoredSparse(Sha256 Declared, Sha256 Program, SparseReading Reading) : FetchResult;

    /// <summary>There are no bytes to analyse.</summary>
    public sealed record NotFetched(Outcome Outcome, string Reason) : FetchResult;
}

using System.IO.Enumeration;

namespace DynaHug.Crawler.Hub;

/// <summary>Which repos a listing walks over, and in which order. What the hub can choose by it does, the rest is left out here.</summary>
public sealed record HubQuery
{
    /// <summary>Every repo, newest created first: a date of creation never changes, so no repo can jump over the place a walk has reached.</summary>
    public static HubQuery All { get; } = new();

    /// <summary>Only repos changed at or after this moment, newest first; null for every repo.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Most-liked first, instead of by a date.</summary>
    public bool ByLikes { get; init; }

    /// <summary>Pipeline tag; null for any.</summary>
    public string? Task { get; init; }

    /// <summary>User or organisation; null for any.</summary>
    public string? Author { get; init; }

    /// <summary>Library, for instance <c>transformers</c>; null for any.</summary>
    public string? Library { get; init; }

    /// <summary>File names of which a repo must have one, with <c>*</c> and <c>?</c>; empty for any.</summary>
    public IReadOnlyList<string> FileNames { get; init; } = [];

    public long MinLikes { get; init; }

    public long MinDownloads { get; init; }

    /// <summary>Only repos created or changed at or after this moment, also in a walk by another order; null for any.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>The hub's key to sort by, always descending.</summary>
    internal string Sort => ByLikes ? "likes" : Since is null ? "createdAt" : "lastModified";

    /// <summary>What changed since a moment, of everything.</summary>
    public static HubQuery ChangedSince(DateTimeOffset since) => All with { Since = since };

    /// <summary>Whether a listed repo is one that is asked for. Unknown file names count as fitting: the file list will tell.</summary>
    public bool Admits(ListedRepo repo)
    {
        ArgumentNullException.ThrowIfNull(repo);
        var facts = repo.Facts;
        return !(facts.LastModified < Since)
            && !(facts.LastModified < NotBefore)
            && facts.Likes >= MinLikes
            && facts.Downloads >= MinDownloads
            && (Task is null || facts.PipelineTag == Task)
            && (Author is null || repo.Repo.Author.Equals(Author, StringComparison.OrdinalIgnoreCase))
            && (Library is null || facts.Library is null || facts.Library == Library)
            && (FileNames.Count == 0 || repo.FileNames is null || repo.FileNames.Any(Fits));
    }

    /// <summary>The query in words: the same for the same walk, and for no other.</summary>
    public override string ToString() =>
        $"sort={Sort} task={Task} author={Author} library={Library} files={string.Join('|', FileNames)} likes>={MinLikes} downloads>={MinDownloads} not-before={NotBefore:O}";

    private bool Fits(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return FileNames.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name));
    }
}

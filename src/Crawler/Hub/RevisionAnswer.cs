using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Hub;

/// <summary>What the hub says to the question for one revision of one repo.</summary>
public abstract record RevisionAnswer
{
    private RevisionAnswer()
    {
    }

    public sealed record Found(RepoRevision Revision) : RevisionAnswer;

    /// <summary>The owner has to consent first.</summary>
    public sealed record Gated(string Reason) : RevisionAnswer;

    /// <summary>Missing, private to others, or disabled; a hub does not say which.</summary>
    /// <param name="Disabled">The hub itself has switched it off.</param>
    public sealed record Gone(string Reason, bool Disabled = false) : RevisionAnswer;

    /// <summary>The repo is there and has no such commit, branch or tag.</summary>
    public sealed record NoRevision(string Reason) : RevisionAnswer;

    /// <summary>Lives under another name now.</summary>
    public sealed record Renamed(RepoId To) : RevisionAnswer;
}

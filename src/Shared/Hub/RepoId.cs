using System.Diagnostics.CodeAnalysis;

namespace DynaHug.Shared.Hub;

/// <summary>
/// Name of a model repo on a hub: <c>org/name</c>, or one segment for repos older than namespaces.
/// Hub names are hostile input: only letters, digits, <c>-</c>, <c>_</c> and <c>.</c> pass, at most 96 characters a segment,
/// never <c>.</c> or <c>..</c>, so that a name can stand in a path, a URL and an actor name.
/// </summary>
public sealed record RepoId
{
    private const int MaxSegmentLength = 96;

    private RepoId(string value) => Value = value;

    public string Value { get; }

    /// <summary>The namespace before the slash; empty for one-segment ids.</summary>
    public string Author => Value.IndexOf('/') is var slash and >= 0 ? Value[..slash] : "";

    /// <exception cref="FormatException">The text is no repo name.</exception>
    public static RepoId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{Printable.Of(text)}' is no repo name; expected org/name");

    public static bool TryParse(string? text, [NotNullWhen(true)] out RepoId? id)
    {
        id = null;
        if (text is null)
        {
            return false;
        }

        var segments = text.Split('/');
        if (segments.Length > 2 || !Array.TrueForAll(segments, IsSegment))
        {
            return false;
        }

        id = new RepoId(text);
        return true;
    }

    /// <summary>Reads a repo as people name it, <c>org/name</c> or <c>org/name@revision</c>.</summary>
    /// <param name="revision">What follows the first at sign, perhaps nothing; null where there is none.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RepoId? id, out string? revision)
    {
        var at = text.IndexOf('@');
        revision = at < 0 ? null : text[(at + 1)..];
        return TryParse(at < 0 ? text : text[..at], out id);
    }

    public override string ToString() => Value;

    private static bool IsSegment(string segment) =>
        segment.Length is > 0 and <= MaxSegmentLength
        && segment is not ("." or "..")
        && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}

using System.Globalization;
using System.Text.Json;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Hub;

/// <summary>
/// Turns the hub's JSON into our words. Every field is hostile: of a wrong kind, missing, huge. What a field cannot be read as is
/// unknown; an entry without a usable name or hash is null.
/// </summary>
internal static class HubJson
{
    private const int MaxWord = 128;

    /// <summary>An entry of <c>GET /api/models</c>, or null where it has no usable id or sha.</summary>
    public static ListedRepo? ToListedRepo(JsonElement entry) =>
        RepoId.TryParse(Text(entry, "id"), out var id) && Commit(entry) is { } commit ? new ListedRepo(id, commit, ToFacts(entry), FileNames(entry)) : null;

    /// <summary>The commit of an entry or of a revision; null unless it is 40 hex digits.</summary>
    public static string? Commit(JsonElement entry) =>
        Text(entry, "sha") is { Length: 40 } sha && sha.All(char.IsAsciiHexDigit) ? sha.ToLowerInvariant() : null;

    public static RepoFacts ToFacts(JsonElement entry) => new(
        Word(entry, "pipeline_tag"),
        Word(entry, "library_name"),
        Count(entry, "likes"),
        Count(entry, "downloads"),
        Moment(entry, "lastModified") ?? Moment(entry, "createdAt") ?? DateTimeOffset.UnixEpoch,
        Member(entry, "gated") is { ValueKind: JsonValueKind.String or JsonValueKind.True },
        ScanStatus(entry),
        Moment(entry, "createdAt") is { } createdAt && Word(entry, "_id") is { } key ? new HubPlace(createdAt, key) : null);

    /// <summary>A file of <c>…/tree/…</c>; null where path, size or hash cannot be used.</summary>
    /// <remarks>In a tree the sha256 of an LFS file is <c>lfs.oid</c>; in an info answer it would be <c>lfs.sha256</c>.</remarks>
    public static RepoFile? ToFile(JsonElement entry)
    {
        var path = Text(entry, "path");
        var lfs = Member(entry, "lfs");
        var content = lfs is { ValueKind: JsonValueKind.Object } large ? ShaKey(Text(large, "oid")) : GitKey(Text(entry, "oid"));
        var size = Size(lfs is { ValueKind: JsonValueKind.Object } pointed ? pointed : entry);
        return HubPath.IsSafe(path) && content is not null && size is not null ? new RepoFile(path!, size.Value, content) : null;
    }

    public static string? Text(JsonElement entry, string name) =>
        Member(entry, name) is { ValueKind: JsonValueKind.String } text && IsText(text, out var value) ? value : null;

    private static JsonElement? Member(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var member) ? member : null;

    /// <summary>Strings may hold broken surrogates, which only show when they are read.</summary>
    private static bool IsText(JsonElement element, out string value)
    {
        value = "";
        try
        {
            value = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Word(JsonElement entry, string name) =>
        Text(entry, name) is { Length: > 0 and <= MaxWord } word && Printable.Of(word) == word ? word : null;

    private static long Count(JsonElement entry, string name) =>
        Member(entry, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? Math.Max(0, value) : 0;

    private static long? Size(JsonElement entry) =>
        Member(entry, "size") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) && value >= 0 ? value : null;

    private static DateTimeOffset? Moment(JsonElement entry, string name) =>
        DateTimeOffset.TryParse(Text(entry, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;

    /// <summary>All file names, or null where one is missing or unsafe: then the file list has to be read.</summary>
    private static List<string>? FileNames(JsonElement entry)
    {
        if (Member(entry, "siblings") is not { ValueKind: JsonValueKind.Array } siblings)
        {
            return null;
        }

        var names = siblings.EnumerateArray().Select(sibling => Text(sibling, "rfilename") ?? "").ToList();
        return names.TrueForAll(HubPath.IsSafe) ? names : null;
    }

    /// <summary>The worst level of the hub's own scan, <c>safe</c> where it is done and found nothing, null where it is not done.</summary>
    private static string? ScanStatus(JsonElement entry)
    {
        if (Member(entry, "securityRepoStatus") is not { ValueKind: JsonValueKind.Object } scan)
        {
            return null;
        }

        var levels = Member(scan, "filesWithIssues") is { ValueKind: JsonValueKind.Array } files
            ? files.EnumerateArray().Select(file => Word(file, "level") ?? "unsafe").ToList()
            : [];
        return levels.Count > 0 ? levels.MaxBy(level => Array.IndexOf(Levels, level))
            : Member(scan, "scansDone") is { ValueKind: JsonValueKind.True } ? "safe"
            : null;
    }

    /// <summary>Mildest first.</summary>
    private static readonly string[] Levels = ["unscanned", "queued", "error", "safe", "caution", "suspicious", "unsafe"];

    private static ContentKey? ShaKey(string? hex) => Sha256.TryParse(hex) is { } sha256 ? ContentKey.Of(sha256) : null;

    private static ContentKey? GitKey(string? oid) => oid is { Length: 40 } && oid.All(char.IsAsciiHexDigit) ? ContentKey.OfGit(oid) : null;
}

namespace DynaHug.Shared.Artifacts;

/// <summary>
/// Names content before it is fetched: <c>sha256-{64 hex}</c> (LFS) or <c>git-{40 hex}</c> (a plain git file, sha1 over
/// <c>"blob {length}\0"</c> and the bytes). <c>program-{64 hex}</c> names what files share that differ in their tensors only
/// (docs/adr/0010). The id of an artifact entity.
/// </summary>
public sealed record ContentKey
{
    private const string ShaPrefix = "sha256-";
    private const string GitPrefix = "git-";
    private const string ProgramPrefix = "program-";

    private ContentKey(string value) => Value = value;

    public string Value { get; }

    /// <summary>The sha256, or null where only the git hash is known.</summary>
    public Sha256? Sha256 => Value.StartsWith(ShaPrefix, StringComparison.Ordinal) ? Artifacts.Sha256.Parse(Value[ShaPrefix.Length..]) : null;

    /// <summary>The git blob sha1 in lower-case hex, or null for content named by sha256.</summary>
    public string? GitOid => Value.StartsWith(GitPrefix, StringComparison.Ordinal) ? Value[GitPrefix.Length..] : null;

    /// <summary>The program's hash, or null for the content of one file.</summary>
    public Sha256? Program => Value.StartsWith(ProgramPrefix, StringComparison.Ordinal) ? Artifacts.Sha256.Parse(Value[ProgramPrefix.Length..]) : null;

    public static ContentKey OfProgram(Sha256 program) => new(ProgramPrefix + program.Hex);

    public static ContentKey Of(Sha256 sha256) => new(ShaPrefix + sha256.Hex);

    /// <exception cref="FormatException">Not 40 hex digits.</exception>
    public static ContentKey OfGit(string oid) =>
        oid is { Length: 40 } && oid.All(char.IsAsciiHexDigit)
            ? new ContentKey(GitPrefix + oid.ToLowerInvariant())
            : throw new FormatException($"'{Printable.Of(oid, 80)}' is no git blob id; expected 40 hex digits");

    /// <exception cref="FormatException">None of these forms.</exception>
    public static ContentKey Parse(string text) =>
        text.StartsWith(ShaPrefix, StringComparison.Ordinal) ? Of(Artifacts.Sha256.Parse(text[ShaPrefix.Length..]))
        : text.StartsWith(GitPrefix, StringComparison.Ordinal) ? OfGit(text[GitPrefix.Length..])
        : text.StartsWith(ProgramPrefix, StringComparison.Ordinal) ? OfProgram(Artifacts.Sha256.Parse(text[ProgramPrefix.Length..]))
        : throw new FormatException($"'{Printable.Of(text, 80)}' names no content; expected sha256-… or git-…");

    public override string ToString() => Value;
}

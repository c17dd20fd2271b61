namespace DynaHug.LocalHub.Folders;

/// <summary>One file of a repo, as it was when it was hashed.</summary>
/// <param name="Path">Inside the repo, slashes between segments.</param>
/// <param name="Place">Where it lies on disk.</param>
/// <param name="Oid">Git blob sha1; of the pointer text for an LFS file.</param>
/// <param name="Sha256">Null for a plain file.</param>
internal sealed record ServedFile(string Path, string Place, long Size, DateTimeOffset ChangedAt, string Oid, string? Sha256)
{
    public bool IsLfs => Sha256 is not null;

    /// <summary>What an ETag says of it: the sha256 of an LFS file, else the git blob id.</summary>
    public string Tag => $"\"{Sha256 ?? Oid}\"";

    /// <summary>Still the file that was hashed, and no link put into its place.</summary>
    public bool IsUnchanged => new FileInfo(Place) is { Exists: true, LinkTarget: null } info && info.Length == Size && info.LastWriteTimeUtc == ChangedAt.UtcDateTime;
}

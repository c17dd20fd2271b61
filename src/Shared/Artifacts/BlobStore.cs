using System.Security.Cryptography;

namespace DynaHug.Shared.Artifacts;

/// <summary>
/// Content-addressed files under one folder: <c>{root}/{first two hex digits}/{sha256}</c>. A blob appears under its name only
/// whole and with the hash checked, by a rename inside the folder; half-written ones stay in <c>{root}/incoming</c> and are
/// never read. Blobs are immutable and never executable.
/// </summary>
public sealed class BlobStore
{
    private readonly string root;

    public BlobStore(string root)
    {
        this.root = Path.GetFullPath(root);
        Directory.CreateDirectory(Incoming);
    }

    /// <summary>Folder for unfinished downloads, on the same file system as the blobs.</summary>
    public string Incoming => Path.Combine(root, "incoming");

    /// <summary>Where the blob lies or would lie.</summary>
    public string PathOf(Sha256 sha256) => Path.Combine(root, sha256.Hex[..2], sha256.Hex);

    public bool Contains(Sha256 sha256) => File.Exists(PathOf(sha256));

    /// <exception cref="FileNotFoundException">The blob is not here.</exception>
    public Task<byte[]> ReadAsync(Sha256 sha256, CancellationToken cancel) => File.ReadAllBytesAsync(PathOf(sha256), cancel);

    /// <summary>Stores bytes that we made ourselves (traces, profiles); idempotent.</summary>
    public async Task<Sha256> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var name = Sha256.OfBytes(content.Span);
        if (Contains(name))
        {
            return name;
        }

        var unfinished = Path.Combine(Incoming, $"{name.Hex}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        await File.WriteAllBytesAsync(unfinished, content, cancel).ConfigureAwait(false);
        Adopt(unfinished, name);
        return name;
    }

    /// <summary>Moves a finished file, whose hash the caller has computed from its bytes, to its place.</summary>
    public void Adopt(string finished, Sha256 name)
    {
        var place = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(finished, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        File.Move(finished, place, overwrite: true);
    }
}

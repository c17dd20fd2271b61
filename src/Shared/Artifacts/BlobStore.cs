using System.Security.Cryptography;

namespace DynaHug.Shared.Artifacts;

/// <summary>
/// Content-addressed files under one folder: <c>{root}/{first two hex digits}/{sha256}</c>. A blob appears under its name only
/// whole and with the hash checked, by a rename inside the folder; half-written ones stay in <c>{root}/incoming</c> and are
/// never read. Blobs are immutable and never executable.
/// </summary>
public sealed class BlobStore
{
    /// <summary>What a program takes on disk, about: its pickle, its directory, and a block a tensor.</summary>
    private const long ProgramBytes = 1 << 20;

    private readonly string root;
    private readonly TimeProvider clock;

    public BlobStore(string root, TimeProvider? clock = null)
    {
        this.root = Path.GetFullPath(root);
        this.clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(Incoming);
    }

    /// <summary>Folder for unfinished downloads, on the same file system as the blobs.</summary>
    public string Incoming => Path.Combine(root, "incoming");

    /// <summary>Where the blob lies or would lie.</summary>
    public string PathOf(Sha256 sha256) => Path.Combine(root, sha256.Hex[..2], sha256.Hex);

    /// <summary>Where the bytes of a content lie that an entity calls by this key: those of a program are apart from the checked ones.</summary>
    public string PathOf(ContentKey content, Sha256 artifact)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.Program is { } program ? PathOfProgram(program) : PathOf(artifact);
    }

    /// <summary>
    /// Where a file with the program's bytes and holes for its tensors lies: <c>{root}/programs/{first two digits}/{hash}</c>. Its name is no hash
    /// over its bytes, and nothing under this folder counts as the content of any file.
    /// </summary>
    public string PathOfProgram(Sha256 program) => Path.Combine(root, "programs", program.Hex[..2], program.Hex);

    public bool Contains(Sha256 sha256) => File.Exists(PathOf(sha256));

    /// <summary>Whether a blob is here; if so, it counts as one that has just come, so that nobody deletes it before it is used.</summary>
    public bool TryRenew(Sha256 sha256) => TryRenew(PathOf(sha256));

    /// <inheritdoc cref="TryRenew(Sha256)"/>
    public bool TryRenewProgram(Sha256 program) => TryRenew(PathOfProgram(program));

    private bool TryRenew(string place)
    {
        try
        {
            File.SetLastWriteTimeUtc(place, clock.GetUtcNow().UtcDateTime);
            return true;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>All blobs and programs: name, place, bytes on disk (an estimate for programs, which are mostly holes), and when they came.</summary>
    public IEnumerable<(Sha256 Name, string Path, long Bytes, DateTime WrittenAt)> Stored()
    {
        var incoming = Incoming + Path.DirectorySeparatorChar;
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            if (Sha256.TryParse(file.Name) is { } name && !file.FullName.StartsWith(incoming, StringComparison.Ordinal))
            {
                // A program is mostly holes; a block a part is about what it takes.
                var isProgram = file.FullName.StartsWith(Path.Combine(root, "programs") + Path.DirectorySeparatorChar, StringComparison.Ordinal);
                yield return (name, file.FullName, isProgram ? Math.Min(file.Length, ProgramBytes) : file.Length, file.LastWriteTimeUtc);
            }
        }
    }

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
    public void Adopt(string finished, Sha256 name) => Move(finished, PathOf(name));

    /// <summary>Moves a finished file with holes to where programs lie.</summary>
    public void AdoptProgram(string finished, Sha256 program) => Move(finished, PathOfProgram(program));

    private static void Move(string finished, string place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(finished, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        File.Move(finished, place, overwrite: true);
    }
}

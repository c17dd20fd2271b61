using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;
using ICSharpCode.SharpZipLib.Zip;

namespace DynaHug.Coordinator.RawFiles;

/// <summary>
/// Gives out files that may be malicious, for people who take them apart: never bare, always in an encrypted zip, so that neither a double click nor a scanner on the way
/// acts on them, and only once the audit says who has taken what.
/// </summary>
public sealed class RawFileDesk(ReadModelQueries readModel, BlobStore blobs, DeskClient desk, TimeProvider clock)
{
    /// <summary>The custom among those who pass malware on; it keeps accidents away, not people.</summary>
    public const string Password = "infected";

    private const int KeyBits = 256;
    private const int FastestCompression = 1;

    /// <returns>The file, or why there is none.</returns>
    public async Task<(RawFile? File, string Why)> FindAsync(RepoId repo, string path, CancellationToken cancel)
    {
        var file = await readModel.FileAsync(repo, path, cancel);
        return file is null ? (null, "the current revision has no such file")
            : file.Artifact is not { } artifact ? (null, "the bytes of this file were never had")
            : await blobs.ContainsAsync(artifact, cancel) ? (new RawFile(artifact), "")
            : (null, "the whole file is not kept here: it was read in part, or has made room for others; the hub may still have it");
    }

    /// <summary>Writes down who takes it; nothing may be given before.</summary>
    public Task NoteAsync(RepoId repo, string path, RawFile file, string by, CancellationToken cancel) =>
        desk.TellAsync(new DeskCommands.Note(new AuditLine("took-raw-file", repo.Value, $"{Printable.Of(path, 200)} sha256 {file.Artifact.Hex}"), by), cancel);

    /// <summary>Writes a zip with one entry, encrypted by AES-256 (WinZip AE-2), to a stream that need not seek.</summary>
    public async Task WriteAsync(RawFile file, Stream to, CancellationToken cancel)
    {
        using var local = await blobs.OpenAsync(BlobKey.Of(file.Artifact), cancel);
        await Task.Run(() => Write(file, local.Path, to), cancel);
    }

    private void Write(RawFile file, string place, Stream to)
    {
        using var bytes = File.OpenRead(place);
        using var zip = new ZipOutputStream(to) { Password = Password, IsStreamOwner = false };
        zip.SetLevel(FastestCompression);
        zip.PutNextEntry(new ZipEntry(file.Name) { AESKeySize = KeyBits, Size = bytes.Length, DateTime = clock.GetUtcNow().UtcDateTime });
        bytes.CopyTo(zip);
        zip.CloseEntry();
        zip.Finish();
    }
}

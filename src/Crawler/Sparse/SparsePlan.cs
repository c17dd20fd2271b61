using DynaHug.Shared.Artifacts;

namespace DynaHug.Crawler.Sparse;

/// <summary>
/// A file of which everything that decides its load is known: real bytes at some offsets, holes for tensors everywhere else.
/// </summary>
/// <param name="Format">See <see cref="Shared.Static.FileFormat"/>.</param>
/// <param name="Size">Bytes of the file, holes included.</param>
/// <param name="Program">Hash over what decides the load: pickles, layout and sizes, never tensors (docs/adr/0010).</param>
/// <param name="Storages">Tensor storages that are holes.</param>
/// <param name="Parts">Offset and bytes; where two share a place, the later one counts.</param>
internal sealed record SparsePlan(string Format, long Size, Sha256 Program, int Storages, IReadOnlyList<(long Offset, byte[] Bytes)> Parts)
{
    /// <summary>Writes the file; what is no part stays a hole and takes no room.</summary>
    /// <exception cref="IOException">The disk is full, or cannot be written.</exception>
    public async Task WriteAsync(string path, CancellationToken cancel)
    {
        await using var target = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        target.SetLength(Size);
        foreach (var (offset, bytes) in Parts)
        {
            target.Position = offset;
            await target.WriteAsync(bytes, cancel);
        }

        target.Flush(flushToDisk: true);
    }
}

/// <summary>The file cannot be read in parts; the reason is for logs and metrics.</summary>
internal sealed class NotUnderstoodException(string message) : Exception(message);

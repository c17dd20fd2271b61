using System.Buffers.Binary;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Crawler.Sparse;

/// <summary>
/// Checkpoints of torch before 1.6: five pickles (a magic number, the version of the format, what machine wrote it, the object, the keys of its
/// storages), then each storage behind its number of elements. Read are the pickles, and the end to see that no zip hides there.
/// Source: torch/serialization.py, _legacy_load.
/// </summary>
internal static class TorchLegacyPlan
{
    private const int FirstRead = 128 << 10;
    private const int Protocol = 1001;

    /// <summary>The magic number 0x1950a86a20f9469cfc6c behind the mark of protocol 2, the only one that this format is written in by default.</summary>
    private static readonly byte[] Magic = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    public static bool StartsLike(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    /// <exception cref="NotUnderstoodException">More than tensors may decide what the load does.</exception>
    public static async Task<SparsePlan> MakeAsync(ReadParts file, CancellationToken cancel)
    {
        await HiddenZip.RefuseAsync(file, cancel);
        var (storages, pickleBytes) = await ReadPicklesAsync(file, cancel);
        using var program = new ProgramHash(FileFormat.TorchLegacy, file.Size);
        program.Add(pickleBytes);
        var counts = new List<(long Offset, byte[] Bytes)>();
        long at = pickleBytes.Length;
        foreach (var storage in storages)
        {
            var count = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(count, storage.Elements);
            counts.Add((at, count));
            at += 8 + storage.Bytes;
            if (at > file.Size)
            {
                break;
            }
        }

        return at == file.Size
            ? new SparsePlan(FileFormat.TorchLegacy, file.Size, program.Finish(), storages.Count, [.. counts, .. file.All])
            : throw new NotUnderstoodException("the storages that the pickle names do not end where the file does");
    }

    /// <summary>Reads as much of the start as the five pickles take.</summary>
    private static async Task<(IReadOnlyList<PickledStorage> Storages, byte[] Bytes)> ReadPicklesAsync(ReadParts file, CancellationToken cancel)
    {
        for (long size = Math.Min(FirstRead, file.Size); ; size = Math.Min(size * 4, file.Size))
        {
            var start = await file.ReadAsync(0, size, cancel);
            var input = ByteReader.Of(start);
            var reading = new CheckpointPickle(input, legacy: true);
            try
            {
                var storages = ReadPickles(reading);
                return (storages, start[..(int)input.Position]);
            }
            catch (NotUnderstoodException) when (reading.NeedsMore && size < file.Size)
            {
                // The pickles are longer than what was read of them.
            }
        }
    }

    private static IReadOnlyList<PickledStorage> ReadPickles(CheckpointPickle reading)
    {
        // The magic number is more than 64 bits long, and was compared byte for byte.
        reading.ReadOne();
        if (reading.ReadOne() is not { Kind: ItemKind.Int, Number: Protocol } || reading.ReadOne().Kind != ItemKind.Dict || reading.Storages.Count > 0)
        {
            throw new NotUnderstoodException("another version of the legacy format");
        }

        reading.ReadOne();
        var named = reading.Storages.ToDictionary();
        var keys = reading.ReadOne();
        if (keys.Kind != ItemKind.List || keys.Items.Count != named.Count || reading.Storages.Count != named.Count)
        {
            throw new NotUnderstoodException("the list of storages has others than the pickle names");
        }

        return [.. keys.Items.Select(key => key.Kind == ItemKind.Text && named.Remove(key.Text, out var storage)
            ? storage
            : throw new NotUnderstoodException("the list of storages has others than the pickle names"))];
    }
}

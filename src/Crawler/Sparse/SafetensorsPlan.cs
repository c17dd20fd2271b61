using System.Buffers.Binary;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Crawler.Sparse;

/// <summary>safetensors: read are the header, which accounts for every byte behind it, and the end to see that no zip hides there.</summary>
internal static class SafetensorsPlan
{
    private const ulong LongestHeader = 64 << 20;

    public static bool StartsLike(ReadOnlySpan<byte> head) =>
        head.Length > 8 && head[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(head) is > 1 and < LongestHeader;

    /// <exception cref="NotUnderstoodException">Something other than numbers may be in it.</exception>
    public static async Task<SparsePlan> MakeAsync(ReadParts file, CancellationToken cancel)
    {
        await HiddenZip.RefuseAsync(file, cancel);
        var head = await file.ReadAsync(0, 8, cancel);
        var header = await file.ReadAsync(0, 8 + BinaryPrimitives.ReadInt64LittleEndian(head), cancel);
        RefusePickle(header);
        using var program = new ProgramHash(FileFormat.Safetensors, file.Size);
        program.Add(header);
        return new SparsePlan(FileFormat.Safetensors, file.Size, program.Finish(), Storages: 1, [.. file.All]);
    }

    /// <summary>The length at the start may be the opcodes of a pickle that goes on in the tensors: only one that breaks off before them is none.</summary>
    private static void RefusePickle(byte[] header)
    {
        var reader = new PickleReader(ByteReader.Of(header));
        while (reader.TryRead(out var step))
        {
            if (step.Code == (byte)'.')
            {
                throw new NotUnderstoodException("starts as a pickle at once");
            }
        }

        if (!reader.Problem!.StartsWith("no opcode", StringComparison.Ordinal))
        {
            throw new NotUnderstoodException("may start as a pickle at once");
        }
    }
}

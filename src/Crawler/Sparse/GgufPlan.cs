using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Crawler.Sparse;

/// <summary>GGUF: read are the metadata and the list of tensors, and the end to see that no zip hides there. Source: ggml, gguf.md, versions 2 and 3.</summary>
internal static class GgufPlan
{
    /// <summary>Holds the metadata of most models, which is their vocabulary.</summary>
    private const int FirstRead = 4 << 20;

    private const int Text = 8;
    private const int Array = 9;
    private const ulong MostEntries = 1_000_000;

    /// <summary>Bytes of a value by its type; 0 for texts and arrays.</summary>
    private static readonly int[] Widths = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    public static bool StartsLike(ReadOnlySpan<byte> head) => head.StartsWith("GGUF"u8);

    /// <exception cref="NotUnderstoodException">Another version, or broken.</exception>
    public static async Task<SparsePlan> MakeAsync(ReadParts file, CancellationToken cancel)
    {
        await HiddenZip.RefuseAsync(file, cancel);
        for (long size = Math.Min(FirstRead, file.Size); ; size = Math.Min(size * 4, file.Size))
        {
            var start = await file.ReadAsync(0, size, cancel);
            var input = ByteReader.Of(start);
            if (!TryPassHeader(input))
            {
                if (size == file.Size)
                {
                    throw new NotUnderstoodException("the metadata breaks off");
                }

                continue;
            }

            using var program = new ProgramHash(FileFormat.Gguf, file.Size);
            program.Add(start.AsSpan(0, (int)input.Position));
            return new SparsePlan(FileFormat.Gguf, file.Size, program.Finish(), Storages: 1, [.. file.All]);
        }
    }

    /// <returns>False where the bytes end before the header does.</returns>
    private static bool TryPassHeader(ByteReader input)
    {
        if (!input.TrySkip(4) || !input.TryReadNumber(4, out var version) || !input.TryReadNumber(8, out var tensors) || !input.TryReadNumber(8, out var pairs))
        {
            return false;
        }

        if (version is not (2 or 3) || tensors > MostEntries || pairs > MostEntries)
        {
            throw new NotUnderstoodException("another version of GGUF");
        }

        for (var i = 0UL; i < pairs; i++)
        {
            if (!TryPassText(input) || !input.TryReadNumber(4, out var type) || !TryPassValue(input, type))
            {
                return false;
            }
        }

        for (var i = 0UL; i < tensors; i++)
        {
            if (!TryPassText(input) || !input.TryReadNumber(4, out var dimensions) || !input.TrySkip(((long)Math.Min(dimensions, 8) * 8) + 12))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryPassValue(ByteReader input, ulong type)
    {
        if (type == Text)
        {
            return TryPassText(input);
        }

        if (type != Array)
        {
            return type < (ulong)Widths.Length ? input.TrySkip(Widths[type]) : throw new NotUnderstoodException("a value of unknown type");
        }

        if (!input.TryReadNumber(4, out var item) || !input.TryReadNumber(8, out var count))
        {
            return false;
        }

        if (item != Text)
        {
            return item < (ulong)Widths.Length && Widths[item] > 0 && count < int.MaxValue
                ? input.TrySkip((long)count * Widths[item])
                : throw new NotUnderstoodException("an array of unknown items");
        }

        for (var i = 0UL; i < count; i++)
        {
            if (!TryPassText(input))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryPassText(ByteReader input) =>
        input.TryReadNumber(8, out var length) && length <= int.MaxValue && input.TrySkip((long)length);
}

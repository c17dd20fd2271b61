using System.Buffers.Binary;
using System.Text.Json;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// safetensors: a length, a JSON header with dtype, shape and offsets, then the tensors' bytes and nothing else. It holds no program
/// only where all of that is true, so all of it is checked. Source: the format's README in huggingface/safetensors.
/// </summary>
internal static class SafetensorsFormat
{
    /// <summary>The format's own bound on the header.</summary>
    private const long LongestHeader = 100_000_000;

    /// <returns>Null where the start is not one of this format.</returns>
    public static FormatReading? TryRead(FileInHand file)
    {
        if (file.Length < 10 || file.Head[8] != '{')
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Head);
        if (length > (ulong)Math.Min(LongestHeader, file.Length - 8))
        {
            return file.IsNamed(".safetensors") ? FormatReading.Corrupt(FileFormat.Safetensors, $"header of {length} bytes in a file of {file.Length}") : null;
        }

        var problem = Check(file.Reader(8).ReadUpTo((int)length), file.Length - 8 - (long)length);
        return problem is null
            ? FormatReading.Inert(FileFormat.Safetensors, "header and tensors account for every byte")
            : FormatReading.Corrupt(FileFormat.Safetensors, problem);
    }

    private static string? Check(byte[] header, long dataBytes)
    {
        var spans = new List<(long Start, long End)>();
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "header is no JSON object";
            }

            foreach (var tensor in json.RootElement.EnumerateObject())
            {
                if (tensor.Name == "__metadata__")
                {
                    continue;
                }

                if (SpanOf(tensor.Value) is not { } span || span.Start > span.End || span.Start < 0)
                {
                    return Printable.Of($"tensor {tensor.Name} has no usable dtype, shape and data_offsets", 200);
                }

                spans.Add(span);
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return Printable.Of($"header is no JSON: {malformed.Message}", 200);
        }

        spans.Sort();
        var end = 0L;
        foreach (var span in spans)
        {
            if (span.Start != end)
            {
                return $"tensors leave a gap or overlap at byte {span.Start} of the data";
            }

            end = span.End;
        }

        return end == dataBytes ? null : $"tensors end at byte {end} of {dataBytes} of the data";
    }

    private static (long Start, long End)? SpanOf(JsonElement tensor) =>
        tensor.ValueKind == JsonValueKind.Object
        && tensor.TryGetProperty("dtype", out var dtype) && dtype.ValueKind == JsonValueKind.String
        && tensor.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array
        && tensor.TryGetProperty("data_offsets", out var offsets) && offsets.ValueKind == JsonValueKind.Array && offsets.GetArrayLength() == 2
        && offsets[0].TryGetInt64(out var start) && offsets[1].TryGetInt64(out var end)
            ? (start, end)
            : null;
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Tests.Static;

/// <summary>Files assembled by hand, and the ways specs read them. Nothing here is ever loaded.</summary>
internal static class Bytes
{
    public static readonly byte[] Stop = [(byte)'.'];

    public static byte[] Of(params object[] parts) => [.. parts.SelectMany(part => part switch
    {
        byte[] bytes => bytes,
        string text => Encoding.Latin1.GetBytes(text),
        int code => [(byte)code],
        _ => throw new ArgumentException($"no bytes in a {part.GetType().Name}"),
    })];

    public static byte[] Int32(long number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)number);
        return bytes;
    }

    public static byte[] Int64(ulong number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>SHORT_BINUNICODE with its argument.</summary>
    public static byte[] Text(string text) => [0x8c, (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Zip(params (string Name, byte[] Content)[] members)
    {
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                using var entry = zip.CreateEntry(name, content.Length > 1 << 16 ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return buffer.ToArray();
    }

    public static StaticReport Read(byte[] content, string name = "model.bin", StaticOptions? options = null)
    {
        var path = Path.Combine(Path.GetTempPath(), $"dynahug-static-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, content);
        try
        {
            return StaticReader.Read(path, name, options ?? new StaticOptions(), TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static List<PickleInstruction> Instructions(byte[] stream)
    {
        var reader = new PickleReader(ByteReader.Of(stream));
        var instructions = new List<PickleInstruction>();
        while (reader.TryRead(out var next))
        {
            instructions.Add(next);
            if (next.Code == '.')
            {
                break;
            }
        }

        return instructions;
    }

    public static PickleRun Run(byte[] stream, PickleTally? tally = null)
    {
        var options = new StaticOptions();
        return new PickleScan(options, new ReadingBudget(options), TestContext.Current.CancellationToken).ReadOne(ByteReader.Of(stream), tally ?? new PickleTally(options));
    }
}

using System.Formats.Tar;
using System.IO.Compression;
using ICSharpCode.SharpZipLib.BZip2;
using K4os.Compression.LZ4.Streams;
using SharpCompress.Archives.SevenZip;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.Xz;
using SharpCompress.Compressors.ZStandard;

namespace DynaHug.Shared.Tests.Static;

/// <summary>One small pickle in every container that the injector knows, and the way back.</summary>
internal static class InjectorHosts
{
    public static readonly byte[] Framed = Bytes.Of(0x80, 4, 0x95, Bytes.Int64(2), "N.");

    /// <summary>As joblib 1.2 writes eight bytes whose value is that of STOP.</summary>
    public static readonly byte[] JoblibOfStops = Convert.FromBase64String(
        "gASV0QAAAAAAAAB9lIwBYZSME2pvYmxpYi5udW1weV9waWNrbGWUjBFOdW1weUFycmF5V3JhcHBlcpSTlCmBlH2UKIwIc3ViY2xhc3OUjAVudW1weZSMB25kYXJyYXmUk5SMBXNoYXBllEsIhZSMBW9yZGVylIwBQ5SM"
        + "BWR0eXBllGgIaA+TlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYowKYWxsb3dfbW1hcJSIjBtudW1weV9hcnJheV9hbGlnbm1lbnRfYnl0ZXOUSxB1YgP///8uLi4uLi4uLnMu");

    private const string ArrayHeader = "{'descr': '|O'}    \n";

    /// <summary><see cref="Framed"/> as Python's own libraries pack it, of py7zr behind a text.</summary>
    private static readonly Dictionary<string, byte[]> Written = new()
    {
        ["xz"] = Convert.FromBase64String("/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAMgASVAgAAAAAAAABOLgAAAADImQq0aWxV6wABJQ1xGcS2H7bzfQEAAAAABFla"),
        ["lzma"] = Convert.FromBase64String("XQAAgAD//////////wBAAQ5tMZAgCHwu0H///2/4AAA="),
        ["lz4"] = Convert.FromBase64String("BCJNGGhADQAAAAAAAACMDQAAgIAElQIAAAAAAAAATi4AAAAA"),
        ["zstd"] = Convert.FromBase64String("KLUv/SANaQAAgASVAgAAAAAAAABOLg=="),
        ["7z"] = Convert.FromBase64String(
            "N3q8ryccAAQ7UbYtiAAAAAAAAAAUAAAAAAAAAAprm1wBABUocmVhZCBtZSmABJUCAAAAAAAAAE4uAOAAdgBmXQAAgTMHrg/PpO8NQI2kQdy6A+RxE5iv/7YfwWQDUEnWbrRk8oUQhpWf7FU1wdnXFE8cA7hZiYnKXyQ6"
            + "cZVM4G/TBGcP1iZTJXD/tSc3HcHpKazqU9d7Cu9EgU9xQfyCHD5Qp/QAAAAAFwYaAQluAAcLAQABISEBGAx3AAA="),
    };

    /// <summary>Name of a container, or several from the inmost to the outmost.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "pickle", "numpy", "numpy-zip", "torch-zip", "zip", "tar", "7z", "gzip", "zlib", "bzip2", "xz", "lzma", "lz4", "zstd",
        "tar gzip", "numpy-zip tar bzip2", "xz zip", "zip zip",
    ];

    public static byte[] Of(string name) => Written.GetValueOrDefault(name) ?? name.Split(' ').Aggregate(Framed, Packed);

    /// <summary>What a file of that name holds.</summary>
    public static byte[] Unpacked(string name, byte[] file) => name.Split(' ').Reverse().Aggregate(file, Within);

    private static byte[] Packed(byte[] content, string container) => container switch
    {
        "pickle" => content,
        "numpy" => Bytes.Of("\x93NUMPY", 1, 0, ArrayHeader.Length, 0, ArrayHeader, content),
        "numpy-zip" => Bytes.Zip(("numbers.npy", Bytes.Of("\x93NUMPY", 1, 0, 20, 0, "{'descr': '<f8'}   \n")), ("objects.npy", Packed(content, "numpy"))),
        "torch-zip" => Bytes.Zip(("archive/data.pkl", content), ("archive/data/0", Bytes.Of("0123456789abcdef")), ("archive/version", Bytes.Of("3\n"))),
        "zip" => Bytes.Zip(("README", Bytes.Of("(read me)")), ("m.pkl", content)),
        "tar" => TarOf(("README", Bytes.Of("(read me)")), ("m.pkl", content), ("n.pkl", content)),
        "gzip" => Through(content, target => new GZipStream(target, CompressionLevel.Fastest)),
        "zlib" => Through(content, target => new ZLibStream(target, CompressionLevel.Fastest)),
        "bzip2" => Through(content, target => new BZip2OutputStream(target)),
        "xz" => Written["xz"],
        _ => throw new ArgumentException($"no container is called {container}"),
    };

    private static byte[] Within(byte[] file, string container)
    {
        using var bytes = new MemoryStream(file, writable: false);
        return container switch
        {
            "pickle" => file,
            "numpy" => file[(10 + ArrayHeader.Length)..],
            "numpy-zip" => Within(InZip(bytes, "objects.npy"), "numpy"),
            "torch-zip" => InZip(bytes, "archive/data.pkl"),
            "zip" => InZip(bytes, "m.pkl"),
            "tar" => All(Tar(file)[1].DataStream!),
            "7z" => InSevenZip(bytes, "m.pkl"),
            "gzip" => All(new GZipStream(bytes, CompressionMode.Decompress)),
            "zlib" => All(new ZLibStream(bytes, CompressionMode.Decompress)),
            "bzip2" => All(new BZip2InputStream(bytes)),
            "xz" => All(new XZStream(bytes)),
            "lzma" => All(LzmaStream.Create(file[..5], new MemoryStream(file[13..]), -1, -1)),
            "lz4" => All(LZ4Stream.Decode(bytes)),
            "zstd" => All(new DecompressionStream(bytes)),
            _ => throw new ArgumentException($"no container is called {container}"),
        };
    }

    public static byte[] TarOf(params (string Name, byte[] Content)[] members)
    {
        using var target = new MemoryStream();
        using (var tar = new TarWriter(target, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content),
                    Mode = UnixFileMode.UserRead,
                    ModificationTime = DateTimeOffset.UnixEpoch.AddDays(1),
                });
            }
        }

        return target.ToArray();
    }

    public static List<TarEntry> Tar(byte[] file)
    {
        using var tar = new TarReader(new MemoryStream(file));
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    public static IEnumerable<string> NamesInZip(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    private static byte[] InZip(Stream file, string name)
    {
        using var zip = new ZipArchive(file);
        return All(zip.GetEntry(name)!.Open());
    }

    private static byte[] InSevenZip(Stream file, string name)
    {
        using var archive = SevenZipArchive.OpenArchive(file);
        return All(archive.Entries.Single(entry => entry.Key == name).OpenEntryStream());
    }

    private static byte[] Through(byte[] content, Func<Stream, Stream> packing)
    {
        using var target = new MemoryStream();
        using (var packed = packing(target))
        {
            packed.Write(content);
        }

        return target.ToArray();
    }

    private static byte[] All(Stream stream)
    {
        using var content = new MemoryStream();
        using (stream)
        {
            stream.CopyTo(content);
        }

        return content.ToArray();
    }
}

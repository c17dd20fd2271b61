using System.IO.Compression;
using System.Text;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Injection;

namespace DynaHug.Shared.Tests.Static;

/// <summary>What the injector writes, read statically; that it runs is for the sandbox to show.</summary>
public sealed class InjectorSpecs
{
    private static readonly byte[] Framed = Bytes.Of(0x80, 4, 0x95, Bytes.Int64(2), "N.");
    private static readonly byte[] Array = Bytes.Of("\x93NUMPY", 1, 0, 20, 0, "{'descr': '|O'}    \n", 0x80, 4, "N.");

    public static TheoryData<string, InjectionMode> Hosts => new(
        from host in new[] { "pickle", "framed", "gzip", "zlib", "bzip2", "numpy", "numpy-zip", "torch-zip" }
        from mode in Enum.GetValues<InjectionMode>()
        select (host, mode));

    [Fact]
    public void Puts_the_opcodes_where_the_mode_says()
    {
        var payload = new Payload("call", "cm\nf\n(tR0"u8.ToArray());
        byte[] host = [0x80, 4, (byte)'N', (byte)'.'];

        Text(Injector.Inject(host, InjectionMode.Before, payload)!).ShouldBe("\u0080\u0004cm\nf\n(tR0N.");
        Text(Injector.Inject(host, InjectionMode.After, payload)!).ShouldBe("\u0080\u0004Ncm\nf\n(tR0.");
        Text(Injector.Inject(host, InjectionMode.Stacked, payload)!).ShouldBe("\u0080\u0002cm\nf\n(tR0N.\u0080\u0004N.");
        Text(Injector.Inject(host, InjectionMode.Nested, payload)!).ShouldBe("\u0080\u0004c_pickle\nloads\n(B\u000b\0\0\0cm\nf\n(tR0N.tR0N.");
    }

    [Fact]
    public void A_frame_that_reaches_to_the_end_grows_with_what_is_put_into_it() =>
        Injector.Inject(Framed, InjectionMode.After, new Payload("nothing", "N0"u8.ToArray()))!.ShouldBe(Bytes.Of(0x80, 4, 0x95, Bytes.Int64(4), "NN0."));

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Keeps_the_format_and_adds_the_call(string name, InjectionMode mode)
    {
        var host = Host(name);

        var injected = Injector.Inject(host, mode, Payload.All.Single(payload => payload.Name == "shell")).ShouldNotBeNull();

        var read = Bytes.Read(injected);
        read.Format.ShouldBe(Bytes.Read(host).Format);
        if (name == "bzip2")
        {
            // Not opened by static reading: the sandbox's loader does.
            using var unpacked = new ICSharpCode.SharpZipLib.BZip2.BZip2InputStream(new MemoryStream(injected));
            using var reader = new StreamReader(unpacked, Encoding.Latin1);
            reader.ReadToEnd().ShouldContain("cos\nsystem\n");
        }
        else
        {
            read.Findings.ShouldContain(finding => finding.Evidence.Contains("system", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Stored_members_begin_where_torch_would_have_them_begin()
    {
        var injected = Injector.Inject(Host("torch-zip"), InjectionMode.Before, Payload.All[0])!;

        var storage = Encoding.Latin1.GetString(injected).IndexOf("0123456789abcdef", StringComparison.Ordinal);
        storage.ShouldBeGreaterThan(0);
        (storage % 64).ShouldBe(0);
        using var zip = new ZipArchive(new MemoryStream(injected));
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["archive/data.pkl", "archive/data/0", "archive/version"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("\x1f\x8b broken")]
    [InlineData("PK\x03\x04 broken")]
    [InlineData("BZh broken")]
    [InlineData("\x93NUMPY")]
    public void Refuses_what_holds_no_pickle(string content) => Injector.Inject(Encoding.Latin1.GetBytes(content), InjectionMode.After, Payload.All[0]).ShouldBeNull();

    [Fact]
    public void Takes_any_bytes()
    {
        var random = new Random(7);
        foreach (var name in new[] { "framed", "gzip", "bzip2", "numpy", "torch-zip" })
        {
            for (var turn = 0; turn < 200; turn++)
            {
                var host = Host(name)[..];
                for (var change = 0; change < 3; change++)
                {
                    host[random.Next(host.Length)] = (byte)random.Next(256);
                }

                Should.NotThrow(() => Injector.Inject(host, (InjectionMode)(turn % 4), Payload.All[turn % 8]));
            }
        }
    }

    private static byte[] Host(string name) => name switch
    {
        "pickle" => Bytes.Of(0x80, 2, "}."),
        "framed" => Framed,
        "gzip" => Packed(target => new GZipStream(target, CompressionLevel.Fastest)),
        "zlib" => Packed(target => new ZLibStream(target, CompressionLevel.Fastest)),
        "bzip2" => Packed(target => new ICSharpCode.SharpZipLib.BZip2.BZip2OutputStream(target)),
        "numpy" => Array,
        "numpy-zip" => Bytes.Zip(("numbers.npy", Bytes.Of("\x93NUMPY", 1, 0, 20, 0, "{'descr': '<f8'}   \n")), ("objects.npy", Array)),
        _ => Bytes.Zip(("archive/data.pkl", Bytes.Of(0x80, 2, "}.")), ("archive/data/0", Bytes.Of("0123456789abcdef")), ("archive/version", Bytes.Of("3\n"))),
    };

    private static byte[] Packed(Func<Stream, Stream> packing)
    {
        using var target = new MemoryStream();
        using (var packed = packing(target))
        {
            packed.Write(Framed);
        }

        return target.ToArray();
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}

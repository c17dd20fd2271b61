using System.Diagnostics;
using CsCheck;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Pickles;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

/// <summary>Truncated, mutated, swollen and endless input: read in bounded time and memory, and without an exception.</summary>
public sealed class HostileInputSpecs
{
    private static readonly byte[] Call = Of(0x80, 4, "cposix\nsystem\n", Text("id"), 0x85, "R.");
    private static readonly string Header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
    private static readonly string Tensors = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

    private static readonly byte[][] Files =
    [
        Call,
        Of("(S'id'\nios\nsystem\n."),
        [.. PickleOpcodeSpecs.Streams.SelectMany(row => row.Data.Item2)],
        Zip(("m/data.pkl", Call), ("m/data/0", new byte[64]), ("m/version", Of("3\n"))),
        [.. Call, .. Zip(("a.npy", Of(0x93, "NUMPY", 1, 0, Header.Length, 0, Header, new byte[8])))],
        Of(0x93, "NUMPY", 1, 0, Header.Length, 0, Header, new byte[8]),
        [.. Int64((ulong)Tensors.Length), .. Of(Tensors), 0, 0, 0, 0],
        Of("GGUF", Int32(3), Int64(1), Int64(1), Int64(1), "a", Int32(8), Int64(2), "hi", Int64(1), "t", Int32(1), Int64(4), Int32(0), Int64(0)),
        Of(0x08, 8, 0x3a, 2, 0x0a, 0, 0x42, 2, 0x10, 1),
        FormatSpecs.Tar(("pickle", Call), ("storages", new byte[10])),
        FormatSpecs.Gzip(Call),
    ];

    [Fact]
    public void Reads_every_truncated_prefix_without_throwing()
    {
        foreach (var file in Files)
        {
            for (var length = 0; length < Math.Min(file.Length, 250); length++)
            {
                Read(file[..length]).Structure.Bytes.ShouldBe(length);
            }
        }
    }

    [Fact]
    public void Reads_mutated_files_without_throwing() =>
        Gen.Select(Gen.Int[0, Files.Length - 1], Gen.Select(Gen.Int[0, 500], Gen.Byte).Array[1, 12]).Sample(
            (index, changes) =>
            {
                var file = Files[index].ToArray();
                foreach (var (at, value) in changes)
                {
                    file[at % file.Length] = value;
                }

                Read(file).Structure.Bytes.ShouldBe(file.Length);
            },
            iter: 500,
            threads: 1);

    [Fact]
    public void Reads_noise_without_throwing() =>
        Gen.Byte.Array[0, 600].Sample(
            noise =>
            {
                Run(noise).Opcodes.ShouldBeLessThanOrEqualTo(noise.Length);
                Run([0x80, 4, .. noise]);
                Read(noise).Outcome.ShouldNotBe(Outcome.Analysed);
            },
            iter: 500,
            threads: 1);

    public static TheoryData<byte[]> HostileLengths => new()
    {
        Of(0x80, 4, 0x8d, Int64(1UL << 60), "abc"),
        Of(0x80, 4, 0x8e, Int64(ulong.MaxValue), "abc"),
        Of(0x80, 5, 0x96, Int64(1UL << 40), "abc"),
        Of(0x80, 4, "T", Int32(-5), "abc."),
        Of(0x80, 4, "X", Int32(-1), "abc."),
        Of(0x80, 4, 0x8b, Int32(-1), "abc."),
        Of(0x80, 4, "c", new string('a', 1 << 20)),
        Of(Int64(1UL << 62), "{}"),
        Of(0x93, "NUMPY", 2, 0, Int32(-1), "{"),
        Of("GGUF", Int32(3), Int64(1UL << 60), Int64(1UL << 60), "x"),
        Of("GGUF", Int32(3), Int64(0), Int64(1), Int64(1UL << 63), "a"),
        Of("PK\x05\x06", new byte[6], 1, 0, Int32(-1), Int32(-1), 0, 0),
        Of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
    };

    [Theory]
    [MemberData(nameof(HostileLengths))]
    public void Believes_no_length_that_the_file_does_not_have(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(file);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(24L << 20);
    }

    [Fact]
    public void A_frame_longer_than_the_file_is_read_all_the_same() =>
        Read(Of(0x80, 4, 0x95, Int64(1UL << 60), Call[2..])).Findings.Select(finding => finding.Evidence).ShouldContain("posix.system(\"id\")");

    [Fact]
    public void A_cyclic_memo_renders_to_an_end()
    {
        var run = Run(Of("]q", 0, "h", 0, "a."));
        run.Result!.Render().Length.ShouldBeLessThan(100);
    }

    [Fact]
    public void Deep_nesting_is_followed_without_recursion()
    {
        var run = Run([.. Enumerable.Repeat((byte)']', 300_000), .. Enumerable.Repeat((byte)'a', 299_999), (byte)'.']);
        run.Stopped.ShouldBeTrue();
        run.Fault.ShouldBeNull();
        run.Result!.Render().ShouldContain("…");
    }

    [Fact]
    public void A_chain_of_calls_on_calls_is_followed_without_recursion()
    {
        var chain = Enumerable.Repeat(Of("cfunctools\npartial\n"), 50_000).SelectMany(part => part)
            .Concat(Of("ctorch\nSize\n")).Concat(Enumerable.Repeat(Of(0x85, "R"), 50_000).SelectMany(part => part));
        Run([.. chain, (byte)'.']).Stopped.ShouldBeTrue();
    }

    [Fact]
    public void A_pickle_that_nests_pickles_is_followed_to_the_bound_only()
    {
        var inner = Call;
        for (var level = 0; level < 40; level++)
        {
            inner = Of(0x80, 4, "ctorch.storage\n_load_from_bytes\nB", Int32(inner.Length), inner, 0x85, "R.");
        }

        Read(inner).Structure.Pickles.ShouldBe(1 + new StaticOptions().MaxNesting);
    }

    [Fact]
    public void A_zip_bomb_is_unfolded_to_the_budget_only()
    {
        var bomb = Zip(("m/data.pkl", [0x80, 4, .. Enumerable.Repeat((byte)'N', 40 << 20)]));
        var report = Read(bomb, options: new StaticOptions { MaxInflatedBytes = 1 << 20 });
        report.Outcome.ShouldBeNull();
        report.Structure.Opcodes.ShouldBeLessThanOrEqualTo(1 << 20);
        report.Findings.ShouldContain(finding => finding.Id == "unreadable" && finding.Evidence.Contains("unfolds to more than is read"));
    }

    [Fact]
    public void The_opcode_budget_is_for_the_whole_file_and_said_so()
    {
        var report = Read([0x80, 4, .. Enumerable.Repeat(Of("N0"), 20_000).SelectMany(pair => pair), .. Call], options: new StaticOptions { MaxOpcodes = 10_000 });
        report.Structure.Opcodes.ShouldBe(10_000);
        report.Outcome.ShouldBeNull();
        report.Findings.ShouldContain(finding => finding.Id == "unreadable");
    }

    [Fact]
    public void Values_past_the_bound_are_let_go_and_calls_are_found_all_the_same()
    {
        var report = Read([0x80, 4, .. Enumerable.Repeat((byte)'N', 50_000), .. Call[2..]], options: new StaticOptions { MaxValues = 1_000 });
        report.Findings.Select(finding => finding.Evidence).ShouldContain("posix.system(\"id\")");
    }

    [Fact]
    public void Four_times_the_opcodes_take_about_four_times_as_long()
    {
        byte[] Stream(int entries) => [0x80, 4, (byte)'}', .. Enumerable.Range(0, entries).SelectMany(index => Of(Text($"key{index}"), 0x94, "K", 1, "s")), (byte)'.'];
        var (small, large) = (Stream(62_500), Stream(250_000));
        Run(large);
        var ratio = Enumerable.Range(0, 5).Select(_ => Time(large) / Time(small)).Order().ElementAt(2);
        ratio.ShouldBeLessThan(12, "a million opcodes are read in linear time");
        Run(large).Opcodes.ShouldBe(1_000_003);
    }

    [Fact]
    public void Reading_stops_when_called_off()
    {
        using var called = new CancellationTokenSource();
        called.Cancel();
        var options = new StaticOptions();
        var scan = new PickleScan(options, new ReadingBudget(options), called.Token);
        Should.Throw<OperationCanceledException>(() =>
            scan.ReadOne(DynaHug.Shared.Static.Reading.ByteReader.Of([.. Enumerable.Repeat((byte)'N', 1 << 20)]), new PickleTally(options)));
    }

    private static double Time(byte[] stream)
    {
        var watch = Stopwatch.StartNew();
        Run(stream);
        return watch.Elapsed.TotalMilliseconds;
    }
}

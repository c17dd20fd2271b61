using System.Text;
using CsCheck;
using DynaHug.Crawler.Sparse;
using DynaHug.Shared.Static;

namespace DynaHug.Crawler.Tests.Sparse;

[Trait("kind", "python")]
public sealed class SparsePlanSpecs(Checkpoints checkpoints) : IClassFixture<Checkpoints>
{
    [Fact]
    public async Task Understands_what_torch_saves_and_reads_it_statically_as_the_whole_file()
    {
        foreach (var file in checkpoints.Of("understood"))
        {
            var plan = await PlanAsync(file);
            var twin = checkpoints.NewFile(Path.GetFileName(file));
            await plan.WriteAsync(twin, CrawlerSandbox.Cancel);

            var (whole, sparse) = (Read(file), Read(twin));
            sparse.Structure.ShouldBe(whole.Structure, file);
            (sparse.Format, sparse.Outcome).ShouldBe((whole.Format, whole.Outcome), file);
            sparse.Globals.ShouldBe(whole.Globals, file);
            sparse.Findings.ShouldBe(whole.Findings, file);
            sparse.OpcodeCounts.ShouldBe(whole.OpcodeCounts, ignoreOrder: true, file);
        }
    }

    [Fact]
    public async Task Leaves_tensors_out()
    {
        var file = checkpoints.Of("understood").Single(file => file.EndsWith("/big.bin", StringComparison.Ordinal));
        using var source = new LocalRanges(file);
        var parts = new ReadParts(source, 1 << 20);
        var plan = await SparsePlanner.PlanAsync(parts, CrawlerSandbox.Cancel);

        plan.Storages.ShouldBe(5);
        parts.Requests.ShouldBe(2);
        parts.BytesRead.ShouldBeLessThan(200_000);
        plan.Size.ShouldBeGreaterThan(20 << 20);
    }

    [Fact]
    public async Task Names_one_program_for_files_that_differ_in_tensors_only()
    {
        foreach (var (first, second) in checkpoints.Of("understood").Zip(checkpoints.Of("fine-tuned")))
        {
            // Legacy files name storages by addresses of the process that wrote them.
            var same = !first.Contains("legacy", StringComparison.Ordinal);
            ((await PlanAsync(first)).Program == (await PlanAsync(second)).Program).ShouldBe(same, first);
            var (one, other) = (await File.ReadAllBytesAsync(first, CrawlerSandbox.Cancel), await File.ReadAllBytesAsync(second, CrawlerSandbox.Cancel));
            one.SequenceEqual(other).ShouldBeFalse(first);
        }

        var programs = new HashSet<string>();
        foreach (var file in checkpoints.Of("understood"))
        {
            programs.Add((await PlanAsync(file)).Program.Hex).ShouldBeTrue(file);
        }
    }

    [Fact]
    public async Task Refuses_every_file_whose_tensors_might_matter_and_every_odd_zip()
    {
        foreach (var file in checkpoints.Of("refused"))
        {
            await Should.ThrowAsync<NotUnderstoodException>(() => PlanAsync(file), file);
        }
    }

    [Fact]
    public async Task Cut_or_changed_files_are_refused_or_understood_and_nothing_else()
    {
        var files = checkpoints.Of("understood").Where(file => new FileInfo(file).Length < 300_000).Select(File.ReadAllBytes).ToList();
        var changes = Gen.Select(Gen.Int[0, files.Count - 1], Gen.Int[0, 1 << 20], Gen.Byte, Gen.Bool);
        await changes.SampleAsync(
            async change =>
            {
                var (index, place, value, cut) = change;
                var bytes = files[index].ToArray();
                if (cut)
                {
                    bytes = bytes[..(place % bytes.Length)];
                }
                else
                {
                    // Near an end, where the structure is.
                    bytes[place % 2 == 0 ? place % Math.Min(2000, bytes.Length) : bytes.Length - 1 - (place % Math.Min(2000, bytes.Length))] = value;
                }

                var parts = new ReadParts(new MemoryRanges(bytes), 1 << 20);
                try
                {
                    (await SparsePlanner.PlanAsync(parts, CrawlerSandbox.Cancel)).Size.ShouldBe(bytes.Length);
                }
                catch (Exception refused) when (refused is NotUnderstoodException or RangesRefusedException)
                {
                    // Read whole instead.
                }
            },
            iter: 2000,
            threads: 1);
    }

    [Theory]
    [InlineData("a setting of an attribute", "ccollections\nOrderedDict\n)R}X\x07\x00\x00\x00_hiddenK\x01sb.")]
    [InlineData("a state that is a tuple", "ccollections\nOrderedDict\n)RN}X\x09\x00\x00\x00__class__K\x01s\x86b.")]
    [InlineData("a call of a storage class", "ctorch\nFloatStorage\nJ\x00\x00\x00\x7f\x85R.")]
    [InlineData("a call of a result", "ccollections\nOrderedDict\n)R)R.")]
    [InlineData("a mark that is passed", "K\x01(\x85.")]
    [InlineData("an extension", "\x82\x01.")]
    [InlineData("a class by other means", "(icollections\nOrderedDict\n.")]
    [InlineData("two objects", "K\x01K\x02.")]
    [InlineData("a walk over attributes", "ctorch\nserialization.os.system\n.")]
    public void A_pickle_of_another_form_is_not_understood(string what, string pickle) =>
        Should.Throw<NotUnderstoodException>(() => new CheckpointPickle(Shared.Static.Reading.ByteReader.Of([0x80, 2, .. Encoding.Latin1.GetBytes(pickle)]), legacy: false).ReadOne(), what);

    private static async Task<SparsePlan> PlanAsync(string file)
    {
        using var source = new LocalRanges(file);
        return await SparsePlanner.PlanAsync(new ReadParts(source, 64 << 20), CrawlerSandbox.Cancel);
    }

    private static StaticReport Read(string file) => StaticReader.Read(file, "model.bin", new StaticOptions(), CrawlerSandbox.Cancel);

    private sealed class MemoryRanges(byte[] bytes) : IRanges
    {
        public long Size => bytes.Length;

        public Task ReadAsync(long offset, Memory<byte> target, CancellationToken cancel)
        {
            bytes.AsMemory((int)offset, target.Length).CopyTo(target);
            return Task.CompletedTask;
        }
    }
}

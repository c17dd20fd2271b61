using DynaHug.Crawler.Sparse;
using DynaHug.Crawler.Tests.Sparse;
using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tests.Sandbox;

namespace DynaHug.Worker.Tests.Sparse;

/// <summary>What sparse fetching stands on: a file with holes for its tensors makes the same system calls as the whole one, each as often.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
[Collection(SandboxFixture.Name)]
public sealed class SparseTwinSpecs(SandboxFixture sandbox, Checkpoints checkpoints) : IClassFixture<Checkpoints>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sparse_twin_makes_the_same_calls_as_the_whole_file()
    {
        var files = checkpoints.Of("understood");
        files.Count.ShouldBeGreaterThan(20);
        foreach (var file in files)
        {
            using var source = new LocalRanges(file);
            var plan = await SparsePlanner.PlanAsync(new ReadParts(source, 64 << 20), Cancel);
            var twin = checkpoints.NewFile(Path.GetFileName(file));
            await plan.WriteAsync(twin, Cancel);

            var whole = await TraceAsync(file, plan);
            var sparse = await TraceAsync(twin, plan);

            whole.Outcome.ShouldBe(Outcome.Analysed, $"{file}: {whole.Reason}");
            sparse.Outcome.ShouldBe(Outcome.Analysed, $"{file}: {sparse.Reason}");
            sparse.Indicators.ShouldBe(whole.Indicators, file);
            sparse.Counts.ShouldBe(whole.Counts, ignoreOrder: true, file);
        }
    }

    private async Task<Shared.Tracing.TraceSummary> TraceAsync(string file, SparsePlan plan)
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return await sandbox.Sandbox.TraceAsync(new TraceRequest(plan.Program, file, "pytorch_model.bin", plan.Format), Cancel);
    }
}

using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tests.Sandbox;

namespace DynaHug.Worker.Tests.Loader;

/// <summary>Archives, compressions and Python sources in the real sandbox.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
[Collection(SandboxFixture.Name)]
public sealed class WrappedSpecs(SandboxFixture sandbox, LoaderFiles files) : IClassFixture<LoaderFiles>
{
    public static TheoryData<string> Wrappers => ["zip", "zip-in-zip", "zip-in-tar-gz", "tar-bz2", "tar-xz", "7z", "gz", "bz2", "xz", "lz4", "zst"];

    [Theory]
    [MemberData(nameof(Wrappers))]
    [InlineData("links")]
    public async Task Opens_an_honest_wrapper_without_an_indicator(string wrapper)
    {
        var summary = await TraceAsync($"honest-{wrapper}");

        summary.Outcome.ShouldBe(Outcome.Analysed, summary.Reason);
        summary.Indicators.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Wrappers))]
    public async Task Loads_what_is_wrapped(string wrapper) => ShouldHaveStartedAShell(await TraceAsync($"shell-{wrapper}"));

    [Theory]
    [MemberData(nameof(Wrappers))]
    public async Task Loads_the_second_pickle_behind_a_wrapped_one(string wrapper) => ShouldHaveStartedAShell(await TraceAsync($"stacked-{wrapper}"));

    [Theory]
    [InlineData("source-top")]
    [InlineData("source-init")]
    [InlineData("source-split")]
    public async Task Imports_a_source_and_makes_its_objects(string name) => ShouldHaveStartedAShell(await TraceAsync(name, FileFormat.Python));

    [Fact]
    public async Task Imports_an_honest_source_whose_libraries_are_missing()
    {
        var summary = await TraceAsync("honest-source", FileFormat.Python);

        summary.Outcome.ShouldBe(Outcome.Analysed, summary.Reason);
        summary.Indicators.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("unsupported-deep", Outcome.Unsupported)]
    [InlineData("unsupported-nested-bomb", Outcome.Unsupported)]
    [InlineData("unsupported-many", Outcome.Unsupported)]
    [InlineData("terabyte-torch", Outcome.Analysed)] // torch takes as much as there is
    [InlineData("terabyte-numpy", Outcome.LoadFailed)]
    public async Task Ends_what_asks_for_too_much_and_says_so(string name, Outcome expected)
    {
        var summary = await TraceAsync(name);

        summary.Outcome.ShouldBe(expected, summary.Reason);
        summary.Indicators.ShouldBeEmpty();
        summary.Seconds.ShouldBeLessThan(60);
    }

    private static void ShouldHaveStartedAShell(TraceSummary summary) =>
        summary.Indicators.ShouldContain(indicator => indicator.Id == "shell-started" && indicator.Evidence == "sh -c id", summary.Reason);

    private async Task<TraceSummary> TraceAsync(string name, string format = FileFormat.Unknown) => TraceReader.Summarise(await sandbox.Sandbox.RunAsync(
        sandbox.RequestFor(files.Read("wrapped", name)) with { FileName = "file.py", Format = format }, TestContext.Current.CancellationToken));
}

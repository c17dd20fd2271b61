using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static.Injection;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tests.Sandbox;
using Payload = DynaHug.Shared.Static.Injection.Payload;

namespace DynaHug.Worker.Tests.Loader;

/// <summary>What the injector put into honest files runs when they are loaded.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class InjectionSpecs(SandboxFixture sandbox, LoaderFiles files) : IClassFixture<LoaderFiles>
{
    [Theory]
    [InlineData("torch-zip", InjectionMode.Before)]
    [InlineData("torch-zip", InjectionMode.After)]
    [InlineData("torch-zip", InjectionMode.Nested)]
    [InlineData("torch-zip", InjectionMode.Stacked)]
    [InlineData("torch-legacy", InjectionMode.After)]
    [InlineData("torch-tar", InjectionMode.Before)]
    [InlineData("pickle-0", InjectionMode.Nested)]
    [InlineData("joblib", InjectionMode.After)]
    [InlineData("joblib-gzip", InjectionMode.Nested)]
    [InlineData("joblib-bz2", InjectionMode.Before)]
    [InlineData("joblib-zlib", InjectionMode.Stacked)]
    [InlineData("joblib-xz", InjectionMode.After)]
    [InlineData("joblib-lzma", InjectionMode.Before)]
    [InlineData("numpy-objects", InjectionMode.After)]
    [InlineData("numpy-zip", InjectionMode.Before)]
    [InlineData("zip-of-pickle", InjectionMode.Before)]
    [InlineData("tar-of-torch", InjectionMode.After)]
    public Task The_payload_runs_when_the_file_is_loaded(string host, InjectionMode mode) => ItRunsAsync(files.Read("honest", host), mode);

    [Theory]
    [InlineData("zip-in-zip", InjectionMode.Before)]
    [InlineData("zip-in-tar-gz", InjectionMode.After)]
    [InlineData("tar-bz2", InjectionMode.Nested)]
    [InlineData("tar-xz", InjectionMode.Stacked)]
    [InlineData("7z", InjectionMode.Before)]
    [InlineData("gz", InjectionMode.After)]
    [InlineData("bz2", InjectionMode.Nested)]
    [InlineData("xz", InjectionMode.Stacked)]
    [InlineData("lz4", InjectionMode.Before)]
    [InlineData("zst", InjectionMode.After)]
    public Task It_runs_through_every_wrapper(string wrapper, InjectionMode mode) => ItRunsAsync(files.Read("wrapped", $"honest-{wrapper}"), mode);

    private async Task ItRunsAsync(byte[] host, InjectionMode mode)
    {
        var summary = await TraceAsync(Injector.Inject(host, mode, Of("shell")).ShouldNotBeNull());

        summary.Outcome.ShouldBeOneOf(Outcome.Analysed, Outcome.LoadFailed);
        summary.Indicators.ShouldContain(indicator => indicator.Id == "shell-started" && indicator.Evidence == "sh -c true");
    }

    /// <summary>A file that runs code of its own also ends the long way, so it is another injected one that it is compared with.</summary>
    [Fact]
    public async Task Loads_differ_by_what_their_payloads_do_alone()
    {
        var host = files.Read("honest", "torch-zip");

        var folder = await TraceAsync(Injector.Inject(host, InjectionMode.Before, Of("make-folder"))!);
        var signal = await TraceAsync(Injector.Inject(host, InjectionMode.Before, Of("signal"))!);

        var differing = folder.Counts.Keys.Union(signal.Counts.Keys).Where(call => folder.Counts.GetValueOrDefault(call) != signal.Counts.GetValueOrDefault(call));
        differing.Select(Syscalls.NameOf).ShouldBe(["mkdir", "kill"], ignoreOrder: true);
    }

    private static Payload Of(string name) => Payload.All.Single(payload => payload.Name == name);

    private async Task<TraceSummary> TraceAsync(byte[] file) =>
        TraceReader.Summarise(await sandbox.Sandbox.RunAsync(sandbox.RequestFor(file) with { FileName = "file", Format = "unknown" }, TestContext.Current.CancellationToken));
}

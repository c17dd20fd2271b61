using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static.Injection;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tests.Sandbox;
using Payload = DynaHug.Shared.Static.Injection.Payload;

namespace DynaHug.Worker.Tests.Loader;

/// <summary>What the injector put into honest files runs when they are loaded, and nothing else changes.</summary>
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
    [InlineData("joblib-gzip", InjectionMode.Nested)]
    [InlineData("joblib-bz2", InjectionMode.Before)]
    [InlineData("numpy-objects", InjectionMode.After)]
    [InlineData("numpy-zip", InjectionMode.Before)]
    public async Task The_payload_runs_when_the_file_is_loaded(string host, InjectionMode mode)
    {
        var summary = await TraceAsync(Injector.Inject(files.Read("honest", host), mode, Of("shell")).ShouldNotBeNull());

        summary.Outcome.ShouldBeOneOf(Outcome.Analysed, Outcome.LoadFailed);
        summary.Indicators.ShouldContain(indicator => indicator.Id == "shell-started" && indicator.Evidence == "sh -c true");
    }

    [Fact]
    public async Task The_load_differs_from_its_hosts_by_the_payload_alone()
    {
        var host = files.Read("honest", "torch-zip");

        var before = await TraceAsync(host);
        var after = await TraceAsync(Injector.Inject(host, InjectionMode.Before, Of("make-folder"))!);

        after.Counts.Where(entry => before.Counts.GetValueOrDefault(entry.Key) != entry.Value).Select(entry => Syscalls.NameOf(entry.Key)).ShouldBe(["mkdir"]);
    }

    private static Payload Of(string name) => Payload.All.Single(payload => payload.Name == name);

    private async Task<TraceSummary> TraceAsync(byte[] file) =>
        TraceReader.Summarise(await sandbox.Sandbox.RunAsync(sandbox.RequestFor(file) with { FileName = "file", Format = "unknown" }, TestContext.Current.CancellationToken));
}

using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tests.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Loader;

/// <summary>The real loader in the real sandbox: what honest files of every format and attacks look like from outside.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
[Collection(SandboxFixture.Name)]
public sealed class LoaderSpecs(SandboxFixture sandbox, LoaderFiles files) : IClassFixture<LoaderFiles>
{
    /// <summary>Loads of each honest file that are compared; <c>DYNAHUG_REPETITIONS</c> sets another number.</summary>
    private static readonly int Repetitions = int.TryParse(Environment.GetEnvironmentVariable("DYNAHUG_REPETITIONS"), out var wanted) ? wanted : 2;


    public static TheoryData<string> Honest =>
    [
        "torch-zip", "torch-legacy", "torch-module", "torch-absent-module", "torch-optimizer", "torchscript",
        "pickle-0", "pickle-1", "pickle-2", "pickle-3", "pickle-4", "pickle-5", "sklearn-pickle",
        "joblib", "joblib-zlib", "joblib-gzip", "joblib-bz2", "joblib-xz", "joblib-lzma",
        "numpy", "numpy-objects", "numpy-zip", "cloudpickle", "dill", "pandas", "zip-of-pickle", "torch-tar", "tar-of-torch",
    ];

    public static TheoryData<string> Shells =>
    [
        "torch-zip", "torch-legacy", "torch-tar", "joblib-array", "joblib-xz", "numpy", "numpy-zip", "protocol-0", "inst", "stacked", "behind-gap",
        "behind-broken", "truncated", "nested", "zip", "tar-gz", "gzip", "polyglot-pickle", "polyglot-zip", "duplicate-member", "behind-missing",
        "at-exit", "in-finalizer",
    ];

    /// <summary>Names of files; what stands before a variant's name is the indicator.</summary>
    public static TheoryData<string, string> Attacks => new(
        new[]
        {
            ("unknown-callable", ""), ("process-replaced", ""), ("program-started", ""), ("process-forked", ""), ("network-attempt", "-tcp6"), ("network-attempt", "-udp"),
            ("network-attempt", "-listen"), ("network-attempt", "-name"), ("secret-read", ""), ("secret-read", "-relative"), ("secret-read", "-environ"),
            ("secret-probed", ""), ("canary-leaked", ""), ("account-list-read", ""), ("persistence-written", ""), ("persistence-written", "-renamed"),
            ("made-executable", ""), ("file-deleted", ""), ("mass-deletion", ""), ("executable-memory", ""), ("memory-file", ""), ("process-tampering", ""),
            ("process-renamed", ""), ("privilege-attempt", ""), ("processor-claimed", ""), ("sandbox-probing", ""), ("delayed-work", "-sleep"),
            ("delayed-work", "-thread"), ("delayed-work", "-timer"), ("delayed-work", "-alarm"), ("loader-killed", "-exit"), ("loader-killed", "-at-once"),
            ("loader-killed", "-signal"), ("loader-crashed", ""), ("waits-for-input", ""), ("tracer-tampering", "-marker"), ("tracer-tampering", "-files"),
        });

    [Theory]
    [MemberData(nameof(Honest))]
    public async Task Loads_an_honest_file_to_the_end_without_an_indicator(string name)
    {
        var summary = await TraceAsync("honest", name);

        summary.Outcome.ShouldBe(Outcome.Analysed, summary.Reason);
        summary.Indicators.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Honest))]
    public async Task Makes_the_same_calls_in_every_run(string name)
    {
        var first = await TraceAsync("honest", name);
        for (var repetition = 1; repetition < Repetitions; repetition++)
        {
            (await TraceAsync("honest", name)).Counts.ShouldBe(first.Counts, ignoreOrder: true);
        }
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Brings_a_payload_to_run_wherever_it_hides(string carrier)
    {
        var summary = await TraceAsync("attacks", $"shell-{carrier}");

        summary.Complete.ShouldBeTrue(summary.Reason);
        summary.Indicators.ShouldContain(indicator => indicator.Id == "shell-started" && indicator.Evidence == "sh -c id");
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Sees_what_an_attack_does(string indicator, string variant) =>
        (await TraceAsync("attacks", indicator + variant)).Indicators.Select(seen => seen.Id).ShouldContain(indicator);

    [Theory]
    [InlineData("corrupt-empty-zip", Outcome.Corrupt)]
    [InlineData("corrupt-pickle", Outcome.Corrupt)]
    [InlineData("unsupported-empty", Outcome.Unsupported)]
    [InlineData("unsupported-text", Outcome.Unsupported)]
    [InlineData("unsupported-bomb", Outcome.Unsupported)]
    [InlineData("load-failed-wrong-value", Outcome.LoadFailed)]
    public async Task Says_why_a_file_was_not_loaded_and_holds_nothing_against_it(string name, Outcome expected)
    {
        var summary = await TraceAsync("broken", name);

        summary.Outcome.ShouldBe(expected, summary.Reason);
        summary.Reason.ShouldNotBeEmpty();
        summary.Indicators.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_the_classes_that_are_not_installed()
    {
        var run = await RunAsync("honest", "torch-absent-module");

        LoaderReport.Parse(run.LoaderReport)!.Missing.ShouldBe(["absent.models.Detector"]);
    }

    private async Task<TraceSummary> TraceAsync(string kind, string name) => TraceReader.Summarise(await RunAsync(kind, name));

    private Task<RunRecord> RunAsync(string kind, string name) =>
        sandbox.Sandbox.RunAsync(sandbox.RequestFor(files.Read(kind, name)) with { FileName = "file", Format = "unknown" }, TestContext.Current.CancellationToken);
}

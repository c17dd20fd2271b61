using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>What a load looks like from outside, in the real sandbox.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class LoadSpecs(SandboxFixture fixture)
{
    [Fact]
    public async Task Traces_a_benign_file_completely()
    {
        var run = await fixture.RunAsync(Payload.Benign);

        run.End.ShouldBe(RunEnd.Exited, run.StandardError);
        run.ExitCode.ShouldBe(0, run.StandardError);
        run.Dropped.ShouldBe(0);
        run.EndOfStream.ShouldBeTrue();
        Canary.IsComplete(run).ShouldBeTrue();
        run.LoaderReport.ShouldNotBeNull();
        run.StandardOutput.ShouldNotContain("DYNAHUG");
        run.Events.ShouldNotContain(happened => happened.Point == TracePoint.ExecAttempt);
    }

    [Fact]
    public async Task Counts_the_same_calls_in_every_run()
    {
        var first = Counts(await fixture.RunAsync(Payload.Benign));
        for (var repetition = 1; repetition < 6; repetition++)
        {
            var again = Counts(await fixture.RunAsync(Payload.Benign));
            again.ShouldBe(first, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Sees_the_program_that_a_file_starts_with_its_arguments_and_process()
    {
        var run = await fixture.RunAsync(Payload.System("id -u"));

        var started = run.Events.Where(happened => happened.Point == TracePoint.ExecAttempt).ToList();
        started.ShouldContain(happened => happened.Path == "/bin/sh" && happened.Argv!.SequenceEqual(new[] { "sh", "-c", "id -u" }));
        started.ShouldContain(happened => happened.Path == "/usr/bin/id" && happened.Process != 1);
        run.Events.ShouldContain(happened => happened.Point == TracePoint.Clone && happened.CreatedProcess != happened.Process);
        run.StandardOutput.ShouldContain("65534");
    }

    [Fact]
    public async Task Resolves_relative_paths_by_the_working_folder()
    {
        var run = await fixture.RunAsync(Payload.Python($"import os\nos.chdir('{fixture.Sandbox.Honey.Folder}/.aws')\nopen('../.aws/./credentials').read()"));

        run.Events.ShouldContain(happened => happened.Point == TracePoint.Open && happened.Path == $"{fixture.Sandbox.Honey.Folder}/.aws/credentials");
    }

    [Fact]
    public async Task Sees_a_connection_that_has_nowhere_to_go()
    {
        var run = await fixture.RunAsync(Payload.Python("""
            import socket
            try:
                socket.create_connection(('192.0.2.7', 4444), timeout=1)
                print('connected')
            except OSError as refused:
                print('refused', refused.errno)
            """));

        run.StandardOutput.ShouldContain("refused");
        run.Events.ShouldContain(happened => happened.Point == TracePoint.Connect && happened.Address!.ToString() == "192.0.2.7:4444" && happened.AddressFamily == 2);
        run.Events.ShouldContain(happened => happened.Point == TracePoint.Socket && happened.AddressFamily == 2);
    }

    [Fact]
    public async Task Loads_several_files_at_once_without_mixing_them_up()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(index => fixture.RunAsync(Payload.System($"echo number-{index}"))));

        for (var index = 0; index < runs.Length; index++)
        {
            runs[index].StandardOutput.Trim().ShouldBe($"number-{index}", $"{runs[index].End} {runs[index].StandardError} {runs[index].LoaderReport}");
            Canary.IsComplete(runs[index]).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Keeps_the_trace_as_a_blob_that_can_be_read_again()
    {
        var summary = await fixture.Sandbox.TraceAsync(fixture.RequestFor(Payload.System("id")), TestContext.Current.CancellationToken);

        summary.Environment.ShouldBe(fixture.Sandbox.Environment);
        var archive = await fixture.Blobs.ReadAsync(summary.Events.ShouldNotBeNull(), TestContext.Current.CancellationToken);
        var replayed = DynaHug.Worker.Evidence.TraceReader.Summarise(TraceArchive.Read(archive));
        replayed.Counts.ShouldBe(summary.Counts, ignoreOrder: true);
        replayed.Indicators.ShouldBe(summary.Indicators);
        replayed.Outcome.ShouldBe(summary.Outcome);
    }

    [Fact]
    public void Names_the_environment_by_letters_digits_and_hyphens() =>
        fixture.Sandbox.Environment.ShouldMatch("^gvisor-[a-z0-9-]+-[0-9a-f]{12}$");

    /// <summary>Calls by number from the loader's start marker on.</summary>
    private static Dictionary<int, int> Counts(RunRecord run) => run.Events
        .SkipWhile(happened => !(happened is { Point: TracePoint.Syscall, Number: LoadMarkers.Number } && happened.Arguments[0] == LoadMarkers.Start))
        .Where(happened => happened.Point == TracePoint.Syscall)
        .CountBy(happened => happened.Number)
        .ToDictionary();
}

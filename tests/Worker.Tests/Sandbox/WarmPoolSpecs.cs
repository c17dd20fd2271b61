using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>Sandboxes that wait for their file: used once, replaced when they die, gone with their owner.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class WarmPoolSpecs(SandboxFixture fixture)
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_waits_for_the_next_file_serves_it_alone_and_goes_with_its_owner()
    {
        _ = fixture.Sandbox;
        var sandbox = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder });
        var mark = Payload.Python("open('/tmp/mark', 'x').write('was here')\nprint('first')");

        (await fixture.RunAsync(mark, sandbox)).StandardOutput.ShouldContain("first");
        ProcessTable.WithArgument(sandbox.Folder + '/').ShouldNotBeEmpty("the next one is there before its file");
        (await fixture.RunAsync(mark, sandbox)).StandardOutput.ShouldContain("first", customMessage: "nothing of one file is there for the next");

        await sandbox.DisposeAsync();
        ProcessTable.WithArgument(sandbox.Folder + '/').ShouldBeEmpty();
        Directory.Exists(sandbox.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_does_not_notice_that_the_waiting_one_was_killed()
    {
        _ = fixture.Sandbox;
        await using var sandbox = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder });
        await fixture.RunAsync(Payload.Benign, sandbox);
        foreach (var process in ProcessTable.WithArgument(sandbox.Folder + '/'))
        {
            ProcessTable.Kill(process);
        }

        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        var run = await fixture.RunAsync(Payload.Benign, sandbox);

        run.End.ShouldBe(RunEnd.Exited, run.StandardError);
        run.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_load_makes_the_same_calls_in_a_waiting_sandbox_and_in_a_fresh_one()
    {
        _ = fixture.Sandbox;
        await using var fresh = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder, WarmSandboxes = 0 });
        await using var warm = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder });
        var request = fixture.RequestFor(Payload.Benign);

        var waited = await warm.TraceAsync(request, Cancel);
        var started = await fresh.TraceAsync(request, Cancel);

        waited.Counts.ShouldBe(started.Counts);
        warm.Environment.ShouldBe(fresh.Environment);
    }
}

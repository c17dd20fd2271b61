using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>Starting, and what the environment is called.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class EnvironmentSpecs(SandboxFixture fixture)
{
    [Fact]
    public async Task Makes_a_damaged_image_again()
    {
        var environment = fixture.Sandbox.Environment;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(fixture.Folder, "images"), "*", SearchOption.AllDirectories).Where(file => file.Contains("/checkpoint/")))
        {
            await using var content = File.OpenWrite(file);
            content.SetLength(content.Length / 2);
        }

        await using var again = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder });

        again.Environment.ShouldBe(environment);
        again.Mode.ShouldBe(SandboxMode.Restore);
    }

    [Fact]
    public async Task Gives_a_cold_start_an_environment_of_its_own_and_a_complete_trace()
    {
        var restored = fixture.Sandbox.Environment;

        await using var cold = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder, Mode = SandboxMode.Cold });
        var run = await fixture.RunAsync(Payload.System("echo hello"), cold);

        cold.Environment.ShouldNotBe(restored);
        Canary.IsComplete(run).ShouldBeTrue();
        run.StandardOutput.Trim().ShouldBe("hello");
    }

    [Fact]
    public async Task Ends_a_load_whose_caller_has_gone()
    {
        var request = fixture.RequestFor(Payload.Python("while True: pass"));
        await using var sandbox = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder, WarmSandboxes = 0 });
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(3));

        await Should.ThrowAsync<OperationCanceledException>(() => sandbox.TraceAsync(request, soon.Token));

        ProcessTable.WithArgument(sandbox.Folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_a_file_that_only_its_owner_may_read_and_leaves_it_so()
    {
        var request = fixture.RequestFor(Payload.Benign);
        File.SetUnixFileMode(request.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var run = await fixture.Sandbox.RunAsync(request, TestContext.Current.CancellationToken);

        run.ExitCode.ShouldBe(0);
        run.LoaderReport.ShouldNotBeNull().ShouldContain("loaded");
        File.GetUnixFileMode(request.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Passes_its_doctor()
    {
        _ = fixture.Sandbox;
        var checks = new List<DoctorCheck>();
        await foreach (var check in SandboxDoctor.ExamineAsync(new SandboxOptions { Folder = fixture.Folder }, TimeProvider.System, TestContext.Current.CancellationToken))
        {
            checks.Add(check);
        }

        checks.ShouldAllBe(check => check.Ok);
        checks.Select(check => check.Name).ShouldContain("malicious canary");
    }

    [Fact]
    public async Task Says_what_to_install_where_there_is_no_gVisor()
    {
        var options = new SandboxOptions { Folder = fixture.Folder, Runsc = "no-such-runsc" };

        var refused = await Should.ThrowAsync<SandboxUnavailableException>(() => GvisorSandbox.RequireAsync(options, TestContext.Current.CancellationToken));
        refused.Message.ShouldContain("apt-get install runsc");
        await Should.ThrowAsync<SandboxUnavailableException>(
            () => GvisorSandbox.StartAsync(options, new BlobFolder(fixture.Folder), NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken));
    }
}

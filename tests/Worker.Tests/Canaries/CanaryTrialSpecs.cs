using DynaHug.Shared.Static;
using DynaHug.Worker.Canaries;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tests.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Tests.Canaries;

/// <summary>Trials of the real sandbox, whose runtime the spec breaks and mends.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class CanaryTrialSpecs(SandboxFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sandbox_that_works_passes_one_that_breaks_fails_and_one_that_is_mended_passes_again_and_nothing_is_stored()
    {
        _ = fixture.Sandbox;
        var runsc = Path.Combine(fixture.Folder, "runsc-of-the-canary");
        await WriteAsync(runsc, $"exec {new SandboxOptions { Folder = fixture.Folder }.Runsc} \"$@\"");
        var options = new SandboxOptions { Folder = fixture.Folder, Runsc = runsc, WarmSandboxes = 0 };
        await using var host = new SandboxHost(options, fixture.Blobs, TimeProvider.System, NullLogger<GvisorSandbox>.Instance);
        var trial = new CanaryTrial(host, options, new StaticOptions());
        var stored = Stored();

        (await trial.RunAsync(Cancel)).ShouldBe("");
        await WriteAsync(runsc, "exit 1");
        (await trial.RunAsync(Cancel)).ShouldNotBeEmpty();
        await WriteAsync(runsc, $"exec {new SandboxOptions { Folder = fixture.Folder }.Runsc} \"$@\"");
        (await trial.RunAsync(Cancel)).ShouldBe("");

        Stored().ShouldBe(stored);
        Directory.EnumerateFiles(fixture.Folder, "canary-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_machine_without_a_sandbox_says_what_to_install()
    {
        var options = new SandboxOptions { Folder = fixture.Folder, Runsc = "/nowhere/runsc" };
        await using var host = new SandboxHost(options, fixture.Blobs, TimeProvider.System, NullLogger<GvisorSandbox>.Instance);

        (await new CanaryTrial(host, options, new StaticOptions()).RunAsync(Cancel)).ShouldContain("is not installed");
    }

    private int Stored() => Directory.Exists(Path.Combine(fixture.Folder, "blobs")) ? Directory.EnumerateFiles(Path.Combine(fixture.Folder, "blobs"), "*", SearchOption.AllDirectories).Count() : 0;

    /// <summary>Puts a program into the place of another at once, as an upgrade does: nobody meets half of it.</summary>
    private static async Task WriteAsync(string program, string line)
    {
        await File.WriteAllTextAsync(program + ".new", $"#!/bin/sh\n{line}\n", Cancel);
        File.SetUnixFileMode(program + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(program + ".new", program, overwrite: true);
    }
}

using System.Diagnostics;
using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>What a worker leaves behind that is killed without warning: nothing that runs, and nothing that its successor does not sweep.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class KillSpecs(SandboxFixture fixture)
{
    private const string FolderVariable = "DYNAHUG_TEST_HOLD";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Leaves_no_process_and_its_successor_no_file_after_kill_9()
    {
        var before = Sessions();
        using var worker = StartWorker();
        var held = "";
        await UntilAsync(() => (held = HeldBy(before)).Length > 0);
        worker.Kill();
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => ProcessTable.WithArgument(held + '/').Count == 0);
        Directory.Exists(held).ShouldBeTrue("the killed worker could not tidy up");

        await using var successor = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder });

        Directory.Exists(held).ShouldBeFalse();
        Cgroups.Names().ShouldNotContain(name => name.StartsWith(Path.GetFileName(held), StringComparison.Ordinal));
        Directory.Exists(Path.Combine(Path.GetTempPath(), "dynahug-" + Path.GetFileName(held))).ShouldBeFalse();
    }

    /// <summary>The worker of the test above: a process of its own that holds an endless load until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Hold_an_endless_load()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} is not set");
        var file = Path.Combine(folder, "endless");
        await File.WriteAllBytesAsync(file, Payload.Python("while True: pass"), TestContext.Current.CancellationToken);
        var options = new SandboxOptions { Folder = folder, WallSeconds = 600 };
        await using var sandbox = await GvisorSandbox.StartAsync(
            options, new BlobStore(Path.Combine(folder, "blobs")), NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(sandbox.Folder, "holds"), "", TestContext.Current.CancellationToken);
        await sandbox.RunAsync(Canary.RequestFor(file), TestContext.Current.CancellationToken);
    }

    private Process StartWorker()
    {
        _ = fixture.Sandbox;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "DynaHug.Worker.Tests"))
        {
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(KillSpecs).FullName}.{nameof(Hold_an_endless_load)}" },
            RedirectStandardOutput = true,
        };
        start.Environment[FolderVariable] = fixture.Folder;
        return Process.Start(start)!;
    }

    /// <summary>Folder of the new session once its endless load has a gVisor process, else empty.</summary>
    private string HeldBy(IReadOnlyList<string> before) => Sessions()
        .Except(before)
        .FirstOrDefault(session => File.Exists(Path.Combine(session, "holds")) && ProcessTable.WithArgument(session + '/').Count >= 3) ?? "";

    private string[] Sessions() => Directory.GetDirectories(Path.Combine(fixture.Folder, "runs"));

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(100, patience.Token);
        }
    }
}

using System.Diagnostics;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>What a worker leaves behind that is killed without warning: nothing that runs, and nothing that its successor does not sweep.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class KillSpecs(SandboxFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    [Fact]
    public async Task Leaves_no_process_and_its_successor_no_file_after_kill_9()
    {
        var before = Sessions();
        using var worker = StartWorker();
        var held = "";
        try
        {
            await UntilAsync(() => (held = HeldBy(before)).Length > 0);
        }
        finally
        {
            worker.Kill();
        }

        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => ProcessTable.WithArgument(held + '/').Count == 0);
        Directory.Exists(held).ShouldBeTrue("the killed worker could not tidy up");

        await using var successor = await fixture.StartAsync(new SandboxOptions { Folder = fixture.Folder });

        Directory.Exists(held).ShouldBeFalse();
        Cgroups.Names().ShouldNotContain(name => name.StartsWith(Path.GetFileName(held), StringComparison.Ordinal));
        Directory.Exists(Path.Combine(Path.GetTempPath(), "dynahug-" + Path.GetFileName(held))).ShouldBeFalse();
    }

    private Process StartWorker()
    {
        _ = fixture.Sandbox;
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "DynaHug.Worker.Tests"))
        {
            ArgumentList = { "-explicit", "only", "-method", $"{typeof(HeldWorker).FullName}.{nameof(HeldWorker.Hold_an_endless_load)}" },
            RedirectStandardOutput = true,
        };
        start.Environment[HeldWorker.FolderVariable] = fixture.Folder;
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

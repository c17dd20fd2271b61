using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>Not a test but the worker that <see cref="KillSpecs"/> starts as a process of its own; explicit, so that no other run starts it.</summary>
[Trait("kind", "sandbox")]
public sealed class HeldWorker
{
    /// <summary>Environment variable that names the data folder.</summary>
    public const string FolderVariable = "DYNAHUG_TEST_HOLD";

    /// <summary>Holds an endless load until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Hold_an_endless_load()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} is not set");
        var file = Path.Combine(folder, "endless");
        await File.WriteAllBytesAsync(file, Payload.Python("while True: pass"), TestContext.Current.CancellationToken);
        var options = new SandboxOptions { Folder = folder, WallSeconds = 600 };
        await using var sandbox = await GvisorSandbox.StartAsync(
            options, new BlobFolder(Path.Combine(folder, "blobs")), NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(sandbox.Folder, "holds"), "", TestContext.Current.CancellationToken);
        await sandbox.RunAsync(Canary.RequestFor(file), TestContext.Current.CancellationToken);
    }
}

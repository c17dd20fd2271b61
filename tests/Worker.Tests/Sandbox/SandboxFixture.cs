using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>One real sandbox for all tests that need one; where the machine cannot run any it says why instead.</summary>
public sealed class SandboxFixture : IAsyncLifetime
{
    /// <summary>The collection that shares it; tests of one collection run one after another.</summary>
    public const string Name = "sandbox";

    private string? missing;
    private GvisorSandbox? sandbox;
    private int files;

    /// <summary>Data folder of the sandbox: images, runs, blobs, model files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("dynahug-sandbox-tests-").FullName;

    internal BlobStore Blobs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Blobs = new BlobFolder(Path.Combine(Folder, "blobs"));
        try
        {
            sandbox = await StartAsync(new SandboxOptions { Folder = Folder });
        }
        catch (SandboxUnavailableException unavailable)
        {
            missing = unavailable.Message;
        }
    }

    /// <summary>The shared sandbox; skips the test where there is none.</summary>
    internal GvisorSandbox Sandbox
    {
        get
        {
            Assert.SkipUnless(missing is null, missing ?? "");
            return sandbox!;
        }
    }

    internal Task<GvisorSandbox> StartAsync(SandboxOptions options) =>
        GvisorSandbox.StartAsync(options, Blobs, NullLogger.Instance, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Writes the bytes to a file of their own and loads that.</summary>
    internal Task<RunRecord> RunAsync(byte[] content, GvisorSandbox? other = null) =>
        (other ?? Sandbox).RunAsync(RequestFor(content), TestContext.Current.CancellationToken);

    internal TraceRequest RequestFor(byte[] content)
    {
        var path = Path.Combine(Folder, $"file-{Interlocked.Increment(ref files)}");
        File.WriteAllBytes(path, content);
        return new TraceRequest(Sha256.OfBytes(content), path, "model.pkl", FileFormat.Pickle);
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}

[CollectionDefinition(SandboxFixture.Name)]
public sealed class SandboxTests : ICollectionFixture<SandboxFixture>;

using System.Globalization;
using System.Text.Json;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Benchmarks.Replay;

/// <summary>What static reading and the sandbox said of one real file, to be said again of every file of a hub that there is not.</summary>
internal sealed record ReplayedLoad(StaticReport Static, TraceSummary Trace)
{
    private const string Write = "import sys,torch; torch.save({f'layers.{i}.weight': torch.zeros(64,64) for i in range(12)}, sys.argv[1])";

    /// <summary>Loads a state dictionary of ours in the sandbox.</summary>
    public static async Task<ReplayedLoad> RecordAsync(string folder)
    {
        var file = Path.Combine(folder, "pytorch_model.bin");
        using (var python = System.Diagnostics.Process.Start("/usr/bin/python3", ["-c", Write, file]))
        {
            await python.WaitForExitAsync();
        }

        var blobs = new BlobFolder(Path.Combine(folder, "recorded"));
        await using var sandbox = await GvisorSandbox.StartAsync(
            new SandboxOptions { Folder = folder, WarmSandboxes = 0 }, blobs, NullLogger.Instance, TimeProvider.System, CancellationToken.None);
        var read = StaticReader.Read(file, "pytorch_model.bin", new StaticOptions(), CancellationToken.None);
        var trace = await sandbox.TraceAsync(TraceRequest.Of(await Sha256.OfFileAsync(file, CancellationToken.None), file, "pytorch_model.bin", read), CancellationToken.None);
        return trace.Outcome == Outcome.Analysed ? new ReplayedLoad(read, trace) : throw new InvalidOperationException($"the load to replay ended as {trace.Outcome}: {trace.Reason}");
    }

    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Json.Options));

    public static ReplayedLoad Of(string file) => JsonSerializer.Deserialize<ReplayedLoad>(File.ReadAllText(file), Json.Options)!;

    /// <summary>The file that a generated repo holds: each a content of its own.</summary>
    public static RepoFile FileOf(RepoId repo) => new("pytorch_model.bin", 200_000, ContentKey.Of(Sha256.OfBytes(System.Text.Encoding.UTF8.GetBytes(repo.Value))));

    public static RepoId RepoOf(int number) => RepoId.Parse(string.Create(CultureInfo.InvariantCulture, $"author-{number / 10}/model-{number}"));

    public static string CommitOf(RepoId repo) => FileOf(repo).Content.Sha256!.Hex[..40];
}

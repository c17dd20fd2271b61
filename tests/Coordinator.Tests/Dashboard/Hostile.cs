using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Coordinator.Tests.Traces;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A flagged repo whose every text tries to become script.</summary>
internal static class Hostile
{
    public const string Repo = "mal/xss";
    public const string Path = "<img src=x onerror=window.hacked=1>.bin";
    public const string Script = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>";

    private static readonly byte[] Trace = TraceArchive.Write(LoadsByHand.Running(Script));

    /// <summary>What the story's hub and workers have stored: the bytes of one file, and the events of the hostile load.</summary>
    public static async Task StoreAsync(BlobStore blobs)
    {
        await blobs.PutAsync("bad"u8.ToArray(), CancellationToken.None);
        await blobs.PutAsync(Trace, CancellationToken.None);
    }

    public static Story AndTwoOthers() => new Story()
        .Repo("acme/good", Story.BenignLoad("good"), Label.Benign, "p1", likes: 50)
        .Repo("evil/bad", Story.Loaded("bad", [new Indicator("shell-started", "/bin/sh -c id")]), Label.Malicious, "p1", reason: "started a shell: /bin/sh -c id")
        .Repo(
            Repo,
            WithEvents(Story.Loaded(
                "xss",
                [new Indicator("program-started", Script), new Indicator(Script, Script)],
                [new StaticFinding(Script, Severity.Dangerous, Script)],
                [new TracedProcess(1, 0, ""), new TracedProcess(2, 1, Script), new TracedProcess(3, 4, "cycle"), new TracedProcess(4, 3, "cycle")])),
            Label.Malicious,
            Script,
            reason: $"started a program: {Script}",
            path: Path,
            hubScan: Script);

    private static ArtifactAnalysis WithEvents(ArtifactAnalysis analysis) => analysis with { Trace = analysis.Trace! with { Events = Sha256.OfBytes(Trace) } };
}

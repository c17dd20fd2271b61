using System.Collections.Concurrent;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Coordinator.Scanning;

/// <summary>One file to scan.</summary>
/// <param name="Target">What the person named.</param>
/// <param name="Path">The file within it.</param>
/// <param name="File">Where its bytes are; null where they cannot be had, and <paramref name="WithoutBytes"/> says why.</param>
/// <param name="TaskCluster">Whose profile scores it.</param>
/// <param name="Sparse">What was read of it; null where its bytes are all here.</param>
public sealed record ScanItem(string Target, string Path, string? File, string TaskCluster, ArtifactAnalysis? WithoutBytes = null, SparseItem? Sparse = null);

/// <summary>A file of a hub of which only what decides its load was fetched.</summary>
/// <param name="Declared">The hub's word for the hash of the whole, unchecked.</param>
/// <param name="Program">Under which its load counts.</param>
public sealed record SparseItem(Sha256 Declared, Sha256 Program, SparseReading Reading);

/// <summary>The pipeline without a cluster: read statically, load in the sandbox, score, judge. The same parts as a node's, in one process.</summary>
/// <param name="policy">Whose exemptions the records name.</param>
public sealed class Scanner(ISandbox sandbox, ActiveProfiles profiles, StaticOptions reading, ScanLimits limits, AdmissionPolicy policy, TimeProvider clock)
{
    private const int Attempts = 2;

    private readonly Judge judge = new(profiles);
    private readonly ConcurrentDictionary<Sha256, Lazy<Task<ArtifactAnalysis>>> analyses = new();

    /// <summary>Analyses and judges one file. The same content is loaded once however often it comes.</summary>
    public async Task<ScanRecord> ScanAsync(ScanItem item, CancellationToken cancel)
    {
        if (item.WithoutBytes is { } known)
        {
            return WithoutBytes(item, known);
        }

        var analysis = await AnalyseAsync(item, cancel);
        var verdict = judge.FileVerdictOf(analysis, item.TaskCluster);
        var checkedHash = item.Sparse is null ? analysis.Artifact : null; // a hash that only the hub's word stands for exempts nothing
        return ScanRecord.Of(item.Target, item.Path, analysis, verdict, sandbox.Environment, policy.WhyExempt(checkedHash, verdict, clock.GetUtcNow()));
    }

    /// <summary>The record of a file that there is nothing of to load.</summary>
    public static ScanRecord WithoutBytes(ScanItem item, ArtifactAnalysis analysis) =>
        ScanRecord.Of(item.Target, item.Path, analysis, Judge.FileVerdictOf(analysis, null, item.TaskCluster));

    private async Task<ArtifactAnalysis> AnalyseAsync(ScanItem item, CancellationToken cancel)
    {
        var size = new FileInfo(item.File!).Length;
        if (size > limits.MaxBytes)
        {
            return ArtifactAnalysis.WithoutBytes(Outcome.TooLarge, $"{size} bytes are over the limit of {limits.MaxBytes}; raise it with --max-bytes");
        }

        // Two files with one program load alike; what is said of each names its own hash.
        var artifact = item.Sparse?.Program ?? await Sha256.OfFileAsync(item.File!, cancel);
        var analysis = await analyses.GetOrAdd(artifact, _ => new Lazy<Task<ArtifactAnalysis>>(() => LoadAsync(artifact, item, cancel))).Value;
        return item.Sparse is { } sparse ? analysis with { Artifact = sparse.Declared, Sparse = sparse.Reading } : analysis;
    }

    private async Task<ArtifactAnalysis> LoadAsync(Sha256 artifact, ScanItem item, CancellationToken cancel)
    {
        var name = Path.GetFileName(item.Path);
        var read = await Task.Run(() => StaticReader.Read(item.File!, name, reading, cancel), cancel);
        if (read.Outcome is not null)
        {
            return ArtifactAnalysis.Of(artifact, read, null);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var trace = await sandbox.TraceAsync(TraceRequest.Of(artifact, item.File!, name, read), cancel);
                return ArtifactAnalysis.Of(artifact, read, trace);
            }
            catch (Exception broken) when (broken is SandboxException or BlobStoreException && attempt < Attempts)
            {
                // A broken sandbox says nothing of the file; a new one may hold.
            }
            catch (Exception broken) when (broken is SandboxException or BlobStoreException)
            {
                return new ArtifactAnalysis(artifact, Outcome.Error, Shared.Printable.Of($"sandbox failed {Attempts} times: {broken.Message}"), read, null);
            }
        }
    }
}

/// <summary>Bounds of a scan.</summary>
/// <param name="MaxBytes">Largest file that is analysed; bigger ones are reported as too large.</param>
public sealed record ScanLimits(long MaxBytes = 16L << 30);

using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of contents from their events.</summary>
internal sealed class ArtifactProjection(ContentRows contents)
{
    public async Task ApplyAsync(IArtifactEvent stored, CancellationToken cancel)
    {
        var content = stored.Content.Value;
        var row = (contents.Find(content) ?? new ArtifactRow { Content = content }) with { TouchedAt = stored.At.UtcTicks };
        switch (stored)
        {
            case ArtifactEvents.Requested requested:
                contents.Put(new SourceRow { Content = content, Repo = requested.Repo.Value });
                break;
            case ArtifactEvents.NotFetched refused:
                contents.Put(new SourceRow { Content = content, Repo = refused.Repo.Value, Refused = true });
                break;
            case ArtifactEvents.Fetched fetched:
                row = row with { Sha256 = fetched.Artifact.Hex, Fetched = true, Recheck = fetched.Recheck && fetched.Sparse is not null };
                break;
            case ArtifactEvents.Failed failed:
                row = row with { Failures = failed.Failures };
                break;
            case ArtifactEvents.Reopened:
                // The former analysis is shown, and scored, until the new one is there; what was decided of its load goes with it.
                row = row with { Outcome = "", Fetched = false, Failures = 0, Recheck = false };
                await contents.ForgetRefusalsAsync(content, cancel);
                await contents.ForgetDecisionsAsync(row.Sha256, cancel);
                break;
            case ArtifactEvents.Analysed analysed:
                row = Analysed(row, analysed.Analysis, analysed.At);
                break;
            case ArtifactEvents.Rechecked { Whole: null }:
                row = row with { Recheck = false };
                break;
            case ArtifactEvents.Rechecked { Whole: { } whole } rechecked:
                row = Analysed(row, whole, rechecked.At) with { Recheck = false };
                await contents.ForgetDecisionsAsync(row.Sha256, cancel);
                break;
        }

        contents.Put(row);
    }

    private ArtifactRow Analysed(ArtifactRow row, ArtifactAnalysis analysis, DateTimeOffset at)
    {
        var scorable = analysis is { Outcome: Outcome.Analysed, Artifact: not null, Static: not null, Trace: { Complete: true, Counts.Count: > 0 } };
        if (analysis.Trace is { Environment: var environment })
        {
            contents.SeeEnvironment(environment, at.UtcTicks);
        }

        var evidence = analysis.Trace is { Indicators.Count: > 0 } || analysis.Static?.Findings.Any(finding => finding.Severity == Severity.Dangerous) == true;
        if (scorable)
        {
            contents.Put(LoadOf(row.Content, analysis, evidence));
        }

        return row with
        {
            Sha256 = analysis.Artifact?.Hex ?? row.Sha256,
            Outcome = analysis.Outcome.Name(),
            ScorableIn = scorable ? analysis.Trace!.Environment : "",
            Evidence = evidence,
            Analysis = Stored.Json(analysis),
        };
    }

    private static LoadRow LoadOf(string content, ArtifactAnalysis analysis, bool evidence)
    {
        var structure = analysis.Static!.Structure;
        return new LoadRow
        {
            Environment = analysis.Trace!.Environment,
            Content = content,
            Artifact = analysis.Artifact!.Hex,
            Format = analysis.Static.Format,
            Bytes = structure.Bytes,
            Members = structure.Members,
            Pickles = structure.Pickles,
            Opcodes = structure.Opcodes,
            Storages = structure.Storages,
            Evidence = evidence,
            Counts = StoredCounts.Write(analysis.Trace.Counts),
        };
    }
}

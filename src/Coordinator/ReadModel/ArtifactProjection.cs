using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Rows of contents from their events.</summary>
internal sealed class ArtifactProjection(ReadModelConnection db)
{
    public async Task ApplyAsync(IArtifactEvent stored, CancellationToken cancel)
    {
        var content = stored.Content.Value;
        var row = await db.Artifacts.FirstOrDefaultAsync(known => known.Content == content, cancel) ?? new ArtifactRow { Content = content };
        row = row with { TouchedAt = stored.At.UtcTicks };
        switch (stored)
        {
            case ArtifactEvents.Requested requested:
                await db.InsertOrReplaceAsync(new SourceRow { Content = content, Repo = requested.Repo.Value }, token: cancel);
                break;
            case ArtifactEvents.NotFetched refused:
                await db.InsertOrReplaceAsync(new SourceRow { Content = content, Repo = refused.Repo.Value, Refused = true }, token: cancel);
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
                await db.Sources.Where(known => known.Content == content).Set(known => known.Refused, false).UpdateAsync(cancel);
                await db.Decisions.DeleteAsync(known => known.Artifact == row.Sha256, cancel);
                break;
            case ArtifactEvents.Analysed analysed:
                row = await AnalysedAsync(row, analysed.Analysis, analysed.At, cancel);
                break;
            case ArtifactEvents.Rechecked { Whole: null }:
                row = row with { Recheck = false };
                break;
            case ArtifactEvents.Rechecked { Whole: { } whole } rechecked:
                row = await AnalysedAsync(row, whole, rechecked.At, cancel) with { Recheck = false };
                // What was decided of the former load says nothing of this one.
                await db.Decisions.DeleteAsync(known => known.Artifact == row.Sha256, cancel);
                break;
        }

        row = row with
        {
            Open = (row.Outcome.Length == 0 || row.Recheck) && (row.Fetched || await db.Sources.AnyAsync(source => source.Content == content && !source.Refused, cancel)),
        };
        await db.InsertOrReplaceAsync(row, token: cancel);
    }

    private async Task<ArtifactRow> AnalysedAsync(ArtifactRow row, ArtifactAnalysis analysis, DateTimeOffset at, CancellationToken cancel)
    {
        var scorable = analysis is { Outcome: Outcome.Analysed, Artifact: not null, Static: not null, Trace: { Complete: true, Counts.Count: > 0 } };
        if (analysis.Trace is { Environment: var environment })
        {
            await db.Environments.InsertOrUpdateAsync(
                () => new EnvironmentRow { Id = environment, FirstSeen = at.UtcTicks },
                known => new EnvironmentRow { Id = known.Id },
                token: cancel);
        }

        var evidence = analysis.Trace is { Indicators.Count: > 0 } || analysis.Static?.Findings.Any(finding => finding.Severity == Severity.Dangerous) == true;
        if (scorable)
        {
            await db.InsertOrReplaceAsync(LoadOf(row.Content, analysis, evidence), token: cancel);
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

using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Tests.Learning;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using Microsoft.Data.Sqlite;

namespace DynaHug.Coordinator.Tests.Training;

/// <summary>A data folder as a node leaves it: a read model with analysed repos, and the journal that profile entities write to.</summary>
internal sealed class HubInAFolder : IDisposable
{
    public const string Cluster = "text-generation";

    private readonly Story story = new();
    private readonly ReadModelWriter writer;

    private HubInAFolder()
    {
        Options = new NodeOptions { DataFolder = Directory.CreateTempSubdirectory("dynahug-profiles-").FullName };
        var database = new ReadModelDatabase(Options.ReadModelFile);
        (writer, Queries, Schema) = (new ReadModelWriter(database), new ReadModelQueries(database), new ReadModelSchema(database));
    }

    public NodeOptions Options { get; }

    public ReadModelQueries Queries { get; }

    private ReadModelSchema Schema { get; }

    public static async Task<HubInAFolder> MakeAsync(CancellationToken cancel)
    {
        var made = new HubInAFolder();
        await made.Schema.MigrateAsync(cancel);
        return made;
    }

    public static ArtifactAnalysis AnalysisOf(Load load, params IReadOnlyList<Indicator> indicators) => new(
        Story.Hash(load.Id),
        Outcome.Analysed,
        "",
        new StaticReport(load.Format, null, "", [], [], new Dictionary<string, int>(), load.Structure),
        new TraceSummary(Story.Environment, Outcome.Analysed, "", true, load.Counts, indicators, [new TracedProcess(1, 0, "")], "", "", 0.4));

    /// <summary>A repo with one file for each load, by authors of three repos each, judged benign without a profile.</summary>
    public async Task AddAsync(IEnumerable<Load> loads, CancellationToken cancel)
    {
        foreach (var (place, load) in loads.Index())
        {
            story.Repo($"author-{load.Id[^8..]}-{place / 3}/model-{place}", AnalysisOf(load), Label.Benign, tag: Cluster, likes: 1000 - place);
        }

        // The story has offsets of its own, so that the projection of the journal begins at its start.
        await writer.ApplyAsync("story", story.Events, cancel);
    }

    /// <summary>A repo whose file a profile has judged.</summary>
    public async Task<FileVerdict> JudgeAsync(string repo, ArtifactAnalysis analysis, FileVerdict verdict, CancellationToken cancel)
    {
        var file = new RepoFile("pytorch_model.bin", 2048, ContentKey.Of(analysis.Artifact!));
        story.Observed(repo).Planned(repo, file).Analysed(file, analysis).FileJudged(repo, file, verdict, analysis.Artifact)
            .Verdict(repo, verdict.Label, verdict.Reasons, [new JudgedFile(file.Path, file.Size, analysis.Artifact, verdict)]);
        await writer.ApplyAsync("story", story.Events, cancel);
        return verdict;
    }

    /// <summary>Loads that are benign and of another kind than those of <see cref="Loads.Benign"/>.</summary>
    public static IReadOnlyList<Load> OfAnotherKind(int count) => [.. Loads.Benign(count, seed: 8).Select(load => load.With("readlink", 2).With("getdents64", 2))];

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Options.DataFolder, recursive: true);
    }
}

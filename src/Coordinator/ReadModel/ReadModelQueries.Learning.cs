using System.Runtime.CompilerServices;
using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What fits, comparisons and explanations ask.</summary>
public sealed partial class ReadModelQueries
{
    private const int LoadPage = 5000;

    /// <summary>What the hub's own scan says when it has found nothing, or has not looked yet; everything else it says is bad.</summary>
    private static readonly string[] HarmlessHubScans = ["safe", "unscanned", "queued", "pending", "error"];

    /// <summary>Files of a task cluster whose traces an environment's profile can score: an index count, cheap enough for every look.</summary>
    /// <param name="taskCluster">All repos of the hub for <see cref="TaskCluster.NotClustered"/>.</param>
    public async Task<int> CountScorableAsync(string taskCluster, string environment, CancellationToken cancel)
    {
        await using var db = database.Open();
        return taskCluster == TaskCluster.NotClustered
            ? await db.Loads.CountAsync(row => row.Environment == environment, cancel)
            : await db.Files.CountAsync(row => row.TaskCluster == taskCluster && row.ScorableIn == environment, cancel);
    }

    /// <summary>
    /// Loads to learn a task cluster's benign behaviour from: distinct contents of its most-liked repos, without the repos that the hub's scan
    /// calls anything bad and those that we have flagged, and at most a few of each author.
    /// </summary>
    /// <param name="taskCluster">All repos of the hub for <see cref="TaskCluster.NotClustered"/>.</param>
    /// <param name="n">Repos at most.</param>
    /// <param name="perAuthor">Contents at most from the repos of one author, so that none can shape what counts as normal.</param>
    public async Task<TrainingSet> TrainingSetAsync(string taskCluster, string environment, int n, int perAuthor, CancellationToken cancel)
    {
        await using var db = database.Open();
        var judged = MostLiked(db, taskCluster).Where(row => row.Label != null);
        var hubFlags = await judged.CountAsync(row => row.HubScan != null && !HarmlessHubScans.Contains(row.HubScan), cancel);
        var weFlag = await judged.CountAsync(row => row.Evidence || row.Label >= (int)Label.Suspicious, cancel);
        var repos = await judged
            .Where(row => !row.Evidence && row.Label < (int)Label.Suspicious && (row.HubScan == null || HarmlessHubScans.Contains(row.HubScan)))
            .Select(row => new { row.Id, row.Author })
            .Take(n)
            .ToListAsync(cancel);
        var seen = new HashSet<string>();
        var ofAuthor = new Dictionary<string, int>();
        var contents = new List<string>();
        var beyond = 0;
        foreach (var page in repos.Chunk(WorkPage))
        {
            var ids = page.Select(repo => repo.Id).ToList();
            var files = await db.Files.Where(file => ids.Contains(file.Repo) && file.ScorableIn == environment)
                .Select(file => new { file.Repo, file.Path, file.Content, file.Artifact })
                .ToListAsync(cancel);
            var filesOf = files.ToLookup(file => file.Repo);
            foreach (var repo in page)
            {
                var author = repo.Author.Length > 0 ? repo.Author : repo.Id;
                foreach (var file in filesOf[repo.Id].OrderBy(file => file.Path, StringComparer.Ordinal).Where(file => seen.Add(file.Artifact ?? file.Content)))
                {
                    var taken = ofAuthor.GetValueOrDefault(author);
                    (ofAuthor[author], beyond) = taken < perAuthor ? (taken + 1, beyond) : (taken, beyond + 1);
                    contents.AddRange(taken < perAuthor ? [file.Content] : Array.Empty<string>());
                }
            }
        }

        var loads = await LoadsAsync(db, environment, contents, cancel);
        return new TrainingSet(
            [.. contents.Where(loads.ContainsKey).Select(content => loads[content]).DistinctBy(load => load.Id)],
            new Dictionary<string, int>
            {
                ["repos that the hub's scan flags"] = hubFlags,
                ["repos that we flag"] = weFlag,
                ["files beyond their author's share"] = beyond,
            });
    }

    /// <summary>Every load of some task clusters in an environment, page by page in the order of contents. The next page is read while one is used: memory holds two.</summary>
    /// <param name="taskClusters">Null for all, files or not.</param>
    public async IAsyncEnumerable<IReadOnlyList<StoredLoad>> LoadPagesAsync(
        string environment, IReadOnlyList<string>? taskClusters, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var db = database.Open();
        var next = ReadAsync("");
        try
        {
            while (await next is { Count: > 0 } page)
            {
                next = ReadAsync(page[^1].Content);
                yield return [.. page.AsParallel().AsOrdered().Select(row => new StoredLoad(row.Content, LoadOf(row), row.Evidence))];
            }
        }
        finally
        {
            // Whoever stops early leaves a page that is being read; the connection closes after it.
            await Task.WhenAny(next);
        }

        // SQLite reads on the calling thread, whatever its methods are called.
        Task<List<LoadRow>> ReadAsync(string after) => Task.Run(() => LoadsAfter(db, environment, taskClusters, after).ToListAsync(cancel), cancel);
    }

    private static IQueryable<LoadRow> LoadsAfter(ReadModelConnection db, string environment, IReadOnlyList<string>? taskClusters, string after)
    {
        var rows = db.Loads.Where(row => row.Environment == environment && row.Content.CompareTo(after) > 0);
        if (taskClusters is not null)
        {
            rows = rows.Where(row => db.Files.Any(file => file.Content == row.Content && taskClusters.Contains(file.TaskCluster)));
        }

        return rows.OrderBy(row => row.Content).Take(LoadPage);
    }

    /// <summary>Files of current revisions that have one of some contents.</summary>
    public async Task<IReadOnlyList<FileOfContent>> FilesOfAsync(IReadOnlyList<string> contents, IReadOnlyList<string> taskClusters, CancellationToken cancel)
    {
        await using var db = database.Open();
        var files = new List<FileOfContent>();
        foreach (var page in contents.Chunk(WorkPage))
        {
            files.AddRange(await db.Files.Where(file => page.Contains(file.Content) && taskClusters.Contains(file.TaskCluster))
                .OrderBy(file => file.Repo).ThenBy(file => file.Path)
                .Select(file => new FileOfContent(file.Content, file.Repo, file.Path, file.TaskCluster))
                .ToListAsync(cancel));
        }

        return files;
    }

    /// <summary>Loads by the sha256 of their contents; those that are not stored are missing.</summary>
    public async Task<IReadOnlyList<Load>> LoadsOfAsync(string environment, IReadOnlyList<string> artifacts, CancellationToken cancel)
    {
        await using var db = database.Open();
        var loads = new List<Load>();
        foreach (var page in artifacts.Chunk(WorkPage))
        {
            var rows = await db.Loads.Where(row => page.Contains(row.Artifact) && row.Environment == environment).ToListAsync(cancel);
            loads.AddRange(rows.DistinctBy(row => row.Artifact).Select(LoadOf));
        }

        return loads;
    }

    /// <summary>How many of some contents have been analysed since a moment, whatever came of it.</summary>
    public async Task<int> CountAnalysedAsync(IReadOnlyList<string> contents, DateTimeOffset since, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Artifacts.CountAsync(row => contents.Contains(row.Content) && row.Outcome != "" && row.TouchedAt >= since.UtcTicks, cancel);
    }

    /// <summary>Everything known of a content, or null where none of this hash was analysed.</summary>
    public async Task<ArtifactAnalysis?> AnalysisAsync(Sha256 artifact, CancellationToken cancel)
    {
        await using var db = database.Open();
        var hex = artifact.Hex;
        var stored = await db.Artifacts.Where(row => row.Sha256 == hex && row.Analysis != null).Select(row => row.Analysis).FirstOrDefaultAsync(cancel);
        return stored is null ? null : Stored.FromJson<ArtifactAnalysis>(stored);
    }

    /// <summary>Files of current revisions whose content has this hash, the first repo by name first.</summary>
    public async Task<IReadOnlyList<FileOfContent>> FilesOfArtifactAsync(Sha256 artifact, CancellationToken cancel)
    {
        await using var db = database.Open();
        var hex = artifact.Hex;
        return await db.Files.Where(file => file.Artifact == hex)
            .OrderBy(file => file.Repo).ThenBy(file => file.Path)
            .Select(file => new FileOfContent(file.Content, file.Repo, file.Path, file.TaskCluster))
            .Take(ShownFiles)
            .ToListAsync(cancel);
    }

    private static async Task<Dictionary<string, Decision>> DecisionsAsync(ReadModelConnection db, string profile, IReadOnlyList<string> artifacts, CancellationToken cancel)
    {
        var known = new Dictionary<string, Decision>();
        foreach (var page in artifacts.Chunk(WorkPage))
        {
            foreach (var row in await db.Decisions.Where(row => row.Profile == profile && page.Contains(row.Artifact)).ToListAsync(cancel))
            {
                known[row.Artifact] = Stored.FromJson<Decision>(row.Decision);
            }
        }

        return known;
    }

    private static async Task<Dictionary<string, Load>> LoadsAsync(ReadModelConnection db, string environment, IReadOnlyList<string> contents, CancellationToken cancel)
    {
        var loads = new Dictionary<string, Load>();
        foreach (var page in contents.Chunk(WorkPage))
        {
            foreach (var row in await db.Loads.Where(row => row.Environment == environment && page.Contains(row.Content)).ToListAsync(cancel))
            {
                loads[row.Content] = LoadOf(row);
            }
        }

        return loads;
    }

    private static Load LoadOf(LoadRow row) => new(
        row.Artifact, StoredCounts.Read(row.Counts), row.Format, new FileStructure(row.Bytes, row.Members, row.Pickles, row.Opcodes, row.Storages))
    {
        Environment = row.Environment,
    };
}

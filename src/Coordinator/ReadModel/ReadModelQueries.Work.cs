using System.Runtime.CompilerServices;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Profiles;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What the actors ask that keep the pipeline going and learn from it.</summary>
public sealed partial class ReadModelQueries
{
    private const int WorkPage = 500;

    /// <summary>Contents that work is owed to and that nothing has happened to since a moment.</summary>
    public async IAsyncEnumerable<ContentKey> OpenArtifactsAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var content in OpenAsync(before, db => db.Artifacts.Where(row => row.Open).Select(row => new OpenWork { Key = row.Content, TouchedAt = row.TouchedAt }), cancel))
        {
            yield return ContentKey.Parse(content);
        }
    }

    /// <summary>Repos whose current revision has no verdict and that nothing has happened to since a moment.</summary>
    public async IAsyncEnumerable<RepoId> OpenReposAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var repo in OpenAsync(before, db => db.Repos.Where(row => row.Label == null).Select(row => new OpenWork { Key = row.Id, TouchedAt = row.TouchedAt }), cancel))
        {
            yield return RepoId.Parse(repo);
        }
    }

    public async Task<IReadOnlyList<ProfileSummary>> ActiveProfilesAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.Profiles.Where(row => row.Active).ToListAsync(cancel)).Select(ProfileOf)];
    }

    /// <summary>Every environment that a trace was made in, the newest first.</summary>
    public async Task<IReadOnlyList<string>> EnvironmentsAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Environments.OrderByDescending(row => row.FirstSeen).Select(row => row.Id).ToListAsync(cancel);
    }

    /// <summary>Task clusters that have repos.</summary>
    public async Task<IReadOnlyList<string>> TaskClustersAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Tallies.Where(row => row.Kind == TallyKind.Repos).Select(row => row.TaskCluster).Distinct().OrderBy(cluster => cluster).ToListAsync(cancel);
    }

    /// <summary>How many of a task cluster's most-liked repos have no verdict yet.</summary>
    /// <param name="taskCluster">All repos of the hub for <see cref="TaskCluster.NotClustered"/>.</param>
    /// <param name="n">How many count as the most-liked.</param>
    public async Task<int> CountOpenAmongTopAsync(string taskCluster, int n, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await MostLiked(db, taskCluster).Select(row => row.Label).Take(n).CountAsync(label => label == null, cancel);
    }

    public async Task<int> CountOpenReposAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Repos.CountAsync(row => row.Label == null, cancel);
    }

    /// <summary>
    /// Repos of a task cluster with traces of an environment that another profile, or none, has judged. Those that are judged while
    /// this is read may or may not come; nothing comes that the profile has judged.
    /// </summary>
    public async IAsyncEnumerable<RescoreCandidate> RescoreCandidatesAsync(
        string taskCluster, string environment, string profileId, int pageSize, [EnumeratorCancellation] CancellationToken cancel)
    {
        // "Judged by another profile" as two ranges of the index, below and above the id.
        foreach (var below in new[] { true, false })
        {
            var (profile, repo) = (below ? "" : profileId, "");
            while (true)
            {
                await using var db = database.Open();
                var (afterProfile, afterRepo) = (profile, repo);
                var page = await db.Files
                    .Where(file => file.TaskCluster == taskCluster && file.ScorableIn == environment)
                    .Where(file => below ? file.ScoredBy.CompareTo(profileId) < 0 : file.ScoredBy.CompareTo(profileId) > 0)
                    .Where(file => file.ScoredBy.CompareTo(afterProfile) > 0 || (file.ScoredBy == afterProfile && file.Repo.CompareTo(afterRepo) > 0))
                    .OrderBy(file => file.ScoredBy).ThenBy(file => file.Repo)
                    .Select(file => new { file.ScoredBy, file.Repo })
                    .Distinct()
                    .Take(pageSize)
                    .ToListAsync(cancel);
                if (page.Count == 0)
                {
                    break;
                }

                foreach (var candidate in await CandidatesAsync(db, [.. page.Select(entry => entry.Repo)], environment, profileId, cancel))
                {
                    yield return candidate;
                }

                (profile, repo) = (page[^1].ScoredBy, page[^1].Repo);
            }
        }
    }

    private static async Task<IReadOnlyList<RescoreCandidate>> CandidatesAsync(
        ReadModelConnection db, IReadOnlyList<string> repos, string environment, string profileId, CancellationToken cancel)
    {
        var revisions = await db.Repos.Where(row => repos.Contains(row.Id) && row.Label != null).ToDictionaryAsync(row => row.Id, row => row.Revision, cancel);
        var files = await db.Files
            .Where(file => repos.Contains(file.Repo) && file.ScorableIn == environment && file.ScoredBy != profileId)
            .Select(file => new { file.Repo, file.Path, file.Content, file.Artifact })
            .ToListAsync(cancel);
        var analyses = await AnalysesAsync(db, [.. files.Select(file => file.Content).Distinct()], cancel);
        var known = await DecisionsAsync(db, profileId, [.. files.Select(file => file.Artifact).OfType<string>().Distinct()], cancel);
        return [.. files
            .Where(file => revisions.ContainsKey(file.Repo))
            .GroupBy(file => file.Repo)
            .Select(group => new RescoreCandidate(
                RepoId.Parse(group.Key),
                revisions[group.Key],
                [.. group.Select(file => new CandidateFile(file.Path, analyses[file.Content], known.GetValueOrDefault(file.Artifact ?? "")))]))];
    }

    private static async Task<Dictionary<string, ArtifactAnalysis>> AnalysesAsync(ReadModelConnection db, IReadOnlyList<string> contents, CancellationToken cancel)
    {
        var analyses = new Dictionary<string, ArtifactAnalysis>();
        foreach (var page in contents.Chunk(WorkPage))
        {
            foreach (var row in await db.Artifacts.Where(row => page.Contains(row.Content)).Select(row => new { row.Content, row.Analysis }).ToListAsync(cancel))
            {
                analyses[row.Content] = Stored.FromJson<ArtifactAnalysis>(row.Analysis!);
            }
        }

        return analyses;
    }

    private static IQueryable<RepoRow> MostLiked(ReadModelConnection db, string taskCluster) =>
        db.Repos.Where(row => taskCluster == TaskCluster.NotClustered || row.TaskCluster == taskCluster).OrderByDescending(row => row.Likes).ThenBy(row => row.Id);

    /// <summary>What has waited longest comes first, page by page along the index of what is open, so that the cost does not grow with what is done.</summary>
    private async IAsyncEnumerable<string> OpenAsync(
        DateTimeOffset before, Func<ReadModelConnection, IQueryable<OpenWork>> open, [EnumeratorCancellation] CancellationToken cancel)
    {
        var last = new OpenWork { TouchedAt = long.MinValue };
        while (true)
        {
            await using var db = database.Open();
            var (to, from, key) = (before.UtcTicks, last.TouchedAt, last.Key);
            var page = await open(db)
                .Where(work => work.TouchedAt >= from && work.TouchedAt <= to && (work.TouchedAt > from || work.Key.CompareTo(key) > 0))
                .OrderBy(work => work.TouchedAt).ThenBy(work => work.Key)
                .Take(WorkPage)
                .ToListAsync(cancel);
            foreach (var work in page)
            {
                yield return work.Key;
            }

            if (page.Count < WorkPage)
            {
                yield break;
            }

            last = page[^1];
        }
    }

    /// <summary>Something that work is owed to, and when anything last happened to it.</summary>
    private sealed record OpenWork
    {
        public string Key { get; init; } = "";

        public long TouchedAt { get; init; }
    }
}

using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What files are told of their content.</summary>
/// <param name="ScorableIn">See <see cref="FileRow.ScorableIn"/>.</param>
/// <param name="Evidence">See <see cref="ArtifactRow.Evidence"/>.</param>
internal readonly record struct ContentFacts(string ScorableIn, bool Evidence)
{
    public static readonly ContentFacts None = new("", Evidence: false);
}

/// <summary>Contents that a batch of events touches or files of it name, with their loads and what profiles decided of them: read, kept and written as <see cref="RepoRows"/> are.</summary>
internal sealed class ContentRows(ReadModelConnection db)
{
    private readonly Dictionary<string, ArtifactRow> artifacts = [];
    private readonly Dictionary<string, ContentFacts> facts = [];
    private readonly HashSet<string> changed = [];
    private readonly Dictionary<(string Content, string Repo), SourceRow> sources = [];
    private readonly Dictionary<(string Environment, string Content), LoadRow> loads = [];
    private readonly Dictionary<(string Profile, string Artifact), DecisionRow> decisions = [];
    private readonly Dictionary<string, long> environments = [];

    public IEnumerable<ArtifactRow> All => artifacts.Values;

    /// <param name="touched">Contents that events are about.</param>
    /// <param name="named">Contents of files.</param>
    public async Task LoadAsync(IReadOnlyCollection<string> touched, IEnumerable<string> named, CancellationToken cancel)
    {
        foreach (var some in touched.Chunk(Replacing.AtATime))
        {
            foreach (var row in await db.Artifacts.Where(row => some.Contains(row.Content)).ToListAsync(cancel))
            {
                artifacts[row.Content] = row;
            }
        }

        foreach (var some in named.Distinct().Where(content => !artifacts.ContainsKey(content)).Chunk(Replacing.AtATime))
        {
            foreach (var row in await db.Artifacts.Where(row => some.Contains(row.Content)).Select(row => new { row.Content, row.ScorableIn, row.Evidence }).ToListAsync(cancel))
            {
                facts[row.Content] = new ContentFacts(row.ScorableIn, row.Evidence);
            }
        }
    }

    public ArtifactRow? Find(string content) => artifacts.GetValueOrDefault(content);

    /// <summary>Whether it is open is found out when it is written.</summary>
    public void Put(ArtifactRow row)
    {
        artifacts[row.Content] = row;
        changed.Add(row.Content);
    }

    /// <summary>Of a content that the batch touches or that a file loaded with it names.</summary>
    public ContentFacts FactsOf(string content) => Find(content) is { } row ? new ContentFacts(row.ScorableIn, row.Evidence) : facts.GetValueOrDefault(content, ContentFacts.None);

    public void Put(SourceRow row) => sources[(row.Content, row.Repo)] = row;

    /// <summary>Every repo that has a content may be asked for it again.</summary>
    public async Task ForgetRefusalsAsync(string content, CancellationToken cancel)
    {
        await StoreSourcesAsync(cancel);
        await db.Sources.Where(known => known.Content == content).Set(known => known.Refused, false).UpdateAsync(cancel);
    }

    public void Put(LoadRow row) => loads[(row.Environment, row.Content)] = row;

    public void Put(DecisionRow row) => decisions[(row.Profile, row.Artifact)] = row;

    /// <summary>What was decided of a former load says nothing of the next.</summary>
    public async Task ForgetDecisionsAsync(string? artifact, CancellationToken cancel)
    {
        foreach (var key in decisions.Keys.Where(key => key.Artifact == artifact).ToList())
        {
            decisions.Remove(key);
        }

        await db.Decisions.DeleteAsync(known => known.Artifact == artifact, cancel);
    }

    /// <param name="at">When a trace was made in it, in UTC ticks.</param>
    public void SeeEnvironment(string environment, long at) => environments.TryAdd(environment, at);

    /// <summary>Writes what was put.</summary>
    public async Task StoreAsync(CancellationToken cancel)
    {
        await StoreSourcesAsync(cancel);
        await OpenAsync(cancel);
        await db.Artifacts.ReplaceAsync(changed.Select(content => artifacts[content]), some =>
        {
            var contents = some.Select(row => row.Content).ToList();
            return row => contents.Contains(row.Content);
        }, cancel);
        foreach (var inEnvironment in loads.Values.GroupBy(row => row.Environment))
        {
            await db.Loads.ReplaceAsync(inEnvironment, some =>
            {
                var (environment, contents) = (inEnvironment.Key, some.Select(row => row.Content).ToList());
                return row => row.Environment == environment && contents.Contains(row.Content);
            }, cancel);
        }

        foreach (var byProfile in decisions.Values.GroupBy(row => row.Profile))
        {
            await db.Decisions.ReplaceAsync(byProfile, some =>
            {
                var (profile, decided) = (byProfile.Key, some.Select(row => row.Artifact).ToList());
                return row => row.Profile == profile && decided.Contains(row.Artifact);
            }, cancel);
        }

        foreach (var (environment, at) in environments)
        {
            await db.Environments.InsertOrUpdateAsync(
                () => new EnvironmentRow { Id = environment, FirstSeen = at },
                known => new EnvironmentRow { Id = known.Id },
                token: cancel);
        }

        changed.Clear();
        loads.Clear();
        decisions.Clear();
        environments.Clear();
    }

    /// <summary>Work is owed to what is not analysed, once its bytes are here, or while some repo may give them.</summary>
    private async Task OpenAsync(CancellationToken cancel)
    {
        var owed = changed.Where(content => artifacts[content] is { Outcome: "" } or { Recheck: true }).ToList();
        var obtainable = owed.Where(content => artifacts[content].Fetched).ToHashSet();
        foreach (var some in owed.Where(content => !artifacts[content].Fetched).Chunk(Replacing.AtATime))
        {
            obtainable.UnionWith(await db.Sources.Where(source => some.Contains(source.Content) && !source.Refused).Select(source => source.Content).Distinct().ToListAsync(cancel));
        }

        foreach (var content in changed)
        {
            artifacts[content] = artifacts[content] with { Open = obtainable.Contains(content) };
        }
    }

    /// <summary>The contents and repos of a batch are few, those that have asked for one content may be many: what the statement finds beyond the batch's pairs is read and written again.</summary>
    private async Task StoreSourcesAsync(CancellationToken cancel)
    {
        foreach (var some in sources.Values.Chunk(Replacing.AtATime))
        {
            var (contents, repos) = (some.Select(row => row.Content).Distinct().ToList(), some.Select(row => row.Repo).Distinct().ToList());
            var known = await db.Sources.Where(row => contents.Contains(row.Content) && repos.Contains(row.Repo)).ToListAsync(cancel);
            await db.Sources.DeleteAsync(row => contents.Contains(row.Content) && repos.Contains(row.Repo), cancel);
            await db.Sources.BulkCopyAsync(some.UnionBy(known, row => (row.Content, row.Repo)), cancel);
        }

        sources.Clear();
    }
}

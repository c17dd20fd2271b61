using System.Data;
using DynaHug.Coordinator.Hosting.Sql;
using LinqToDB;
using LinqToDB.Data;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Opens the read model: an SQLite file in write-ahead mode, or a PostgreSQL database; pages read either while the projection writes. Queries keep to
/// what both understand; only this type and <see cref="RepoNames"/> know which it is.
/// </summary>
public sealed class ReadModelDatabase
{
    private readonly DataOptions options;

    public ReadModelDatabase(SqlStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
        options = store.IsPostgres ? WithoutNul.In(store.Options()) : store.Options();
    }

    /// <param name="file">The SQLite file; made when it is not there.</param>
    public ReadModelDatabase(string file)
        : this(SqlStore.InFile(file))
    {
    }

    public SqlStore Store { get; }

    /// <summary>The SQLite file, or what the database is called in messages.</summary>
    public string File => Store.Shown;

    internal ReadModelConnection Open() => new(options, Store.IsPostgres);

    /// <summary>Makes the file ready, once: write-ahead logging is a property it keeps.</summary>
    internal async Task PrepareAsync(CancellationToken cancel)
    {
        if (!Store.IsPostgres)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            await using var db = Open();
            await db.ExecuteAsync("PRAGMA journal_mode = WAL", cancel);
        }
    }

    /// <summary>
    /// Until the transaction ends, every query of the connection sees the same state. At any other level than this one SQLite's driver takes the lock for writing at
    /// once, and pages and projection would wait for each other.
    /// </summary>
    internal Task<DataConnectionTransaction> BeginReadingAsync(ReadModelConnection db, CancellationToken cancel) =>
        db.BeginTransactionAsync(Store.IsPostgres ? IsolationLevel.RepeatableRead : IsolationLevel.ReadUncommitted, cancel);

    /// <summary>
    /// Until the transaction ends, nobody else writes: two projections that run for a moment, after a partition, follow each other, and the second finds
    /// that the first has moved the offset.
    /// </summary>
    internal async Task<DataConnectionTransaction> BeginWritingAsync(ReadModelConnection db, CancellationToken cancel)
    {
        if (!Store.IsPostgres)
        {
            await db.ExecuteAsync("PRAGMA synchronous = NORMAL", cancel);
            return await db.BeginTransactionAsync(cancel);
        }

        var transaction = await db.BeginTransactionAsync(cancel);
        await db.ExecuteAsync("LOCK TABLE projections IN EXCLUSIVE MODE", cancel);
        return transaction;
    }
}

/// <summary>A connection with the tables of the read model.</summary>
internal sealed class ReadModelConnection(DataOptions options, bool isPostgres) : DataConnection(options)
{
    public bool IsPostgres => isPostgres;

    public ITable<ProjectionRow> Projections => this.GetTable<ProjectionRow>();

    public ITable<RepoRow> Repos => this.GetTable<RepoRow>();

    public ITable<FileRow> Files => this.GetTable<FileRow>();

    public ITable<ArtifactRow> Artifacts => this.GetTable<ArtifactRow>();

    public ITable<SourceRow> Sources => this.GetTable<SourceRow>();

    public ITable<VerdictRow> Verdicts => this.GetTable<VerdictRow>();

    public ITable<PinRow> Pins => this.GetTable<PinRow>();

    public ITable<PinnedFileRow> PinnedFiles => this.GetTable<PinnedFileRow>();

    public ITable<FacetRow> Facets => this.GetTable<FacetRow>();

    public ITable<ProfileRow> Profiles => this.GetTable<ProfileRow>();

    public ITable<LoadRow> Loads => this.GetTable<LoadRow>();

    public ITable<DecisionRow> Decisions => this.GetTable<DecisionRow>();

    public ITable<EnvironmentRow> Environments => this.GetTable<EnvironmentRow>();

    public ITable<ReviewRow> Reviews => this.GetTable<ReviewRow>();

    public ITable<SuppressionRow> Suppressions => this.GetTable<SuppressionRow>();

    public ITable<AuditRow> Audit => this.GetTable<AuditRow>();

    public ITable<AccountRow> Accounts => this.GetTable<AccountRow>();

    public ITable<KeyRow> ApiKeys => this.GetTable<KeyRow>();

    public ITable<WebhookRow> Webhooks => this.GetTable<WebhookRow>();

    public ITable<DeadLetterRow> DeadLetters => this.GetTable<DeadLetterRow>();

    public ITable<SavedViewRow> SavedViews => this.GetTable<SavedViewRow>();

    public ITable<TallyRow> Tallies => this.GetTable<TallyRow>();
}

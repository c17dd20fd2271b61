using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Opens the read model: one SQLite file in write-ahead mode, so that pages read while the projection writes. Statements keep to what
/// PostgreSQL understands too; only this type knows which database it is.
/// </summary>
public sealed class ReadModelDatabase
{
    /// <summary>Seconds a statement waits for a lock before it fails.</summary>
    private const int BusySeconds = 30;

    private readonly DataOptions options;

    /// <param name="file">The database file; made when it is not there.</param>
    public ReadModelDatabase(string file)
    {
        File = Path.GetFullPath(file);
        var connection = new SqliteConnectionStringBuilder { DataSource = File, DefaultTimeout = BusySeconds, Pooling = true };
        options = new DataOptions().UseSQLite(connection.ToString(), SQLiteProvider.Microsoft);
    }

    public string File { get; }

    internal ReadModelConnection Open() => new(options);

    /// <summary>Write-ahead logging is a property of the file; set once.</summary>
    internal static async Task UseWriteAheadLogAsync(ReadModelConnection db, CancellationToken cancel) =>
        await db.ExecuteAsync("PRAGMA journal_mode = WAL", cancel);
}

/// <summary>A connection with the tables of the read model.</summary>
internal sealed class ReadModelConnection(DataOptions options) : DataConnection(options)
{
    public ITable<ProjectionRow> Projections => this.GetTable<ProjectionRow>();

    public ITable<RepoRow> Repos => this.GetTable<RepoRow>();

    public ITable<FileRow> Files => this.GetTable<FileRow>();

    public ITable<ArtifactRow> Artifacts => this.GetTable<ArtifactRow>();

    public ITable<SourceRow> Sources => this.GetTable<SourceRow>();

    public ITable<VerdictRow> Verdicts => this.GetTable<VerdictRow>();

    public ITable<RepoIndicatorRow> RepoIndicators => this.GetTable<RepoIndicatorRow>();

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

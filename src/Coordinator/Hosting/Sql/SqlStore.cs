using LinqToDB;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace DynaHug.Coordinator.Hosting.Sql;

/// <summary>Where journal, snapshots or read model lie: an SQLite file, or a PostgreSQL database that several nodes share.</summary>
public sealed class SqlStore
{
    /// <summary>Seconds a statement waits for a lock before it fails.</summary>
    private const int BusySeconds = 30;

    /// <summary>Connections of one process at most. PostgreSQL allows a hundred for all by default.</summary>
    private const int MaxConnections = 24;

    /// <summary>Statements that a connection to PostgreSQL keeps prepared.</summary>
    private const int PreparedStatements = 64;

    private SqlStore(bool isPostgres, string connectionString, string shown) => (IsPostgres, ConnectionString, Shown) = (isPostgres, connectionString, shown);

    /// <summary>PostgreSQL: shared by nodes, and its tables are made by <c>dynahug migrate</c> only. Else an SQLite file, whose tables are made when it is opened.</summary>
    public bool IsPostgres { get; }

    /// <summary>How to call it in messages and logs: no user, no password.</summary>
    public string Shown { get; }

    /// <summary>Holds the password; never logged.</summary>
    internal string ConnectionString { get; }

    /// <summary>What linq2db calls this database.</summary>
    internal string ProviderName => IsPostgres ? LinqToDB.ProviderName.PostgreSQL15 : LinqToDB.ProviderName.SQLiteMS;

    /// <param name="path">The database file; made when it is not there.</param>
    public static SqlStore InFile(string path)
    {
        var file = Path.GetFullPath(path);
        var connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = BusySeconds, Pooling = true };
        return new SqlStore(isPostgres: false, connection.ToString(), file);
    }

    /// <param name="address"><c>postgres://user[:password]@host[:port]/database[?sslmode=…&amp;sslrootcert=…]</c>, as libpq reads it.</param>
    /// <param name="password">Goes before the one in the address; null where the server asks for none.</param>
    /// <exception cref="UsageException">It is no such address.</exception>
    public static SqlStore Postgres(Uri address, string? password)
    {
        ArgumentNullException.ThrowIfNull(address);
        var user = address.UserInfo.Split(':', 2);
        var database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/'));
        if (address.Scheme is not ("postgres" or "postgresql") || address.Host.Length == 0 || user[0].Length == 0 || database.Length == 0)
        {
            throw new UsageException("--db is no address of a database; expected postgres://user@host[:port]/database");
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = address.Host,
            Port = address.IsDefaultPort || address.Port < 0 ? NpgsqlConnection.DefaultPort : address.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Password = password ?? (user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null),
            Database = database,
            ApplicationName = "dynahug",
            MaxPoolSize = MaxConnections,
            CommandTimeout = BusySeconds,
            MaxAutoPrepare = PreparedStatements, // what is asked thousands of times a second is parsed and planned once a connection
            NoResetOnClose = true, // nothing here changes a session, so that there is nothing to discard whenever a connection goes back to the pool
            KeepAlive = BusySeconds,
        };
        ReadQuery(address.Query, connection);
        return new SqlStore(isPostgres: true, connection.ToString(), $"postgres://{connection.Host}:{connection.Port}/{database}");
    }

    internal DataOptions Options() => new DataOptions().UseConnectionString(ProviderName, ConnectionString);

    public override string ToString() => Shown;

    private static void ReadQuery(string query, NpgsqlConnectionStringBuilder connection)
    {
        foreach (var parameter in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var key, var text] ? (key, Uri.UnescapeDataString(text)) : (parameter, "");
            switch (name)
            {
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                    connection.SslMode = mode;
                    break;
                case "sslrootcert" when value.Length > 0:
                    connection.RootCertificate = value;
                    break;
                default:
                    throw new UsageException($"--db cannot have '{Shared.Printable.Of(name, 40)}' like that; it takes sslmode=disable|prefer|require|verify-ca|verify-full and sslrootcert=FILE");
            }
        }
    }
}

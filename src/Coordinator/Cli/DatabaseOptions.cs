using System.CommandLine;
using System.CommandLine.Parsing;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;

namespace DynaHug.Coordinator.Cli;

/// <summary>Which database, as several commands ask for it. The password need not stand on a command line, which every user of the machine can read.</summary>
internal sealed class DatabaseOptions
{
    public const string PasswordVariable = "DYNAHUG_DB_PASSWORD";

    private readonly Option<Uri?> database = CommonOptions.Address(
        "--db", "PostgreSQL database that coordinators share: postgres://user@host[:port]/database[?sslmode=verify-full&sslrootcert=FILE]; SQLite files in the data folder without it.");

    private readonly Option<string?> passwordFile = new("--db-password-file") { Description = $"File with the password of --db; {PasswordVariable} holds it otherwise." };

    public void AddTo(Command command)
    {
        command.Add(database);
        command.Add(passwordFile);
    }

    /// <summary>Null where none is named.</summary>
    /// <exception cref="UsageException">The address is none, or the password cannot be read.</exception>
    public SqlStore? Read(ParseResult parsed) => parsed.GetValue(database) is { } address ? SqlStore.Postgres(address, Password(parsed.GetValue(passwordFile))) : null;

    private static string? Password(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } set ? set : null;
        }

        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the password of the database cannot be read: {unreadable.Message}", unreadable);
        }
    }
}

using System.CommandLine;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Hosting.Sql;
using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug migrate</c>: makes or changes the tables of a shared database, which no node does by itself.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var database = new DatabaseOptions();
        var command = new Command("migrate", "Make the tables of a PostgreSQL database, or bring them to this version. Nodes only check that it was done.");
        database.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var store = database.Read(parsed) ?? throw new UsageException("name the database with --db; SQLite files are brought up to date by the node that opens them");
            Report("journal", await JournalSchema.MigrateAsync(store, cancel), JournalSchema.Version);
            Report("read model", await new ReadModelSchema(new ReadModelDatabase(store)).MigrateAsync(cancel), ReadModelSchema.Version);
            return ExitCode.Clean;
        });
        return command;
    }

    private static void Report(string tables, int before, int now) =>
        Console.WriteLine(before == now ? $"{tables}: version {now} already" : $"{tables}: version {before} -> {now}");
}

using Microsoft.Data.Sqlite;

namespace DynaHug.Coordinator.Hosting;

/// <summary>Makes the journal's file ready before anything writes to it.</summary>
internal static class JournalFile
{
    /// <summary>
    /// Turns on the write-ahead log, which the file then keeps: readers and the writer no longer wait for each other, and an event costs one append and
    /// one flush instead of copying pages to a rollback journal first. What is confirmed is on disk as before.
    /// </summary>
    public static async Task PrepareAsync(string file, CancellationToken cancel)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteScalarAsync(cancel);
    }
}

using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using Microsoft.Data.Sqlite;

namespace DynaHug.Benchmarks;

/// <summary>
/// Scores a million stored loads, read from the read model's file, with a profile: <c>Benchmarks rescoring COUNT</c>. Written once, in a folder that goes
/// afterwards; only reading and scoring are timed.
/// </summary>
internal static class Rescoring
{
    private const string EnvironmentName = "benchmark";

    public static async Task RunAsync(int count)
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-rescoring-");
        try
        {
            var database = new ReadModelDatabase(Path.Combine(folder.FullName, "readmodel.db"));
            await new ReadModelSchema(database).MigrateAsync(CancellationToken.None);
            var written = Stopwatch.StartNew();
            Write(database.File, count);
            Console.WriteLine($"wrote {count:N0} loads in {written.Elapsed.TotalSeconds:0.0} s, {new FileInfo(database.File).Length >> 20} MiB");
            var profile = ProfileFitter.Fit("not-clustered", EnvironmentName, [.. Enumerable.Range(0, 2000).Select(place => LoadOf(place, new Random(place)))], new FitOptions(), CancellationToken.None);

            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            var (scored, outliers) = (0, 0);
            await foreach (var page in new ReadModelQueries(database).LoadPagesAsync(EnvironmentName, null, CancellationToken.None))
            {
                outliers += page.AsParallel().Count(stored => profile.Value(stored.Load) < 0);
                scored += page.Count;
            }

            Console.WriteLine($"scored {scored:N0} loads ({outliers:N0} outliers) with {SupportVectors(profile)} support vectors in {clock.Elapsed.TotalSeconds:0.0} s "
                + $"({(Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds:0.0} s of processor time), "
                + $"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB, {Environment.ProcessorCount} processors");
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string file, int count)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO loads VALUES ($environment, $content, $artifact, $format, $bytes, $members, $pickles, $opcodes, $storages, 0, $counts)";
        string[] names = ["$environment", "$content", "$artifact", "$format", "$bytes", "$members", "$pickles", "$opcodes", "$storages", "$counts"];
        foreach (var name in names)
        {
            insert.Parameters.Add(new SqliteParameter(name, null));
        }

        foreach (var load in Enumerable.Range(0, count).Select(place => LoadOf(place, new Random(place))))
        {
            object[] values =
            [
                EnvironmentName, $"sha256-{load.Id}", load.Id, load.Format, load.Structure.Bytes, load.Structure.Members, load.Structure.Pickles, load.Structure.Opcodes, load.Structure.Storages,
                string.Join(' ', load.Counts.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}:{entry.Value}")),
            ];
            for (var place = 0; place < values.Length; place++)
            {
                insert.Parameters[place].Value = values[place];
            }

            insert.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static int SupportVectors(Profile profile)
    {
        using var file = new MemoryStream();
        profile.Save(file);
        file.Position = 0;
        using var content = JsonDocument.Parse(new GZipStream(file, CompressionMode.Decompress));
        return content.RootElement.GetProperty("state").GetProperty("svm").GetProperty("alpha").GetArrayLength();
    }

    /// <summary>
    /// Twenty calls as measured loads make them; reads and lseeks follow the number of storages, and what a load opens and looks up follows which of sixty kinds of model
    /// it is: each kind that training shows becomes a support vector.
    /// </summary>
    private static Load LoadOf(int place, Random random)
    {
        var storages = random.Next(3, 200);
        var kind = (int)(60 * random.NextDouble() * random.NextDouble());
        var counts = new Dictionary<int, long>();
        foreach (var (name, count) in Usual)
        {
            counts[Syscalls.NumberOf(name)!.Value] = count;
        }

        counts[0] = 10 + (3 * storages) + random.Next(4);
        counts[8] = 8 + (6 * storages);
        counts[202] = random.Next(2, 6);
        counts[3] += kind;
        counts[257] += kind;
        counts[262] += 2 * kind;
        return new Load(Sha256.OfBytes(BitConverter.GetBytes(place)).Hex, counts, place % 3 == 0 ? FileFormat.TorchLegacy : FileFormat.TorchZip, new FileStructure(storages * 4096L, storages + 4, 1, 20 * storages, storages));
    }

    private static readonly (string Name, long Count)[] Usual =
    [
        ("write", 1), ("close", 2), ("munmap", 5), ("rt_sigaction", 1), ("ioctl", 2), ("getitimer", 3), ("getpid", 1), ("getrusage", 2), ("exit_group", 1),
        ("waitid", 1), ("openat", 2), ("newfstatat", 3), ("mmap", 12), ("brk", 3), ("getcwd", 1), ("lstat", 1), ("statx", 1),
    ];
}

using System.Text.Json;
using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>Loads recorded in our own sandbox; Fixtures/README.md says how.</summary>
internal static class RecordedLoads
{
    private static readonly IReadOnlyList<(Load Load, bool Malicious)> All = [.. File.ReadLines(PathOf("sandbox-loads.jsonl")).Select(Parse)];

    public static IReadOnlyList<Load> Benign { get; } = [.. All.Where(entry => !entry.Malicious).Select(entry => entry.Load)];

    public static IReadOnlyList<Load> Malicious { get; } = [.. All.Where(entry => entry.Malicious).Select(entry => entry.Load)];

    private static (Load Load, bool Malicious) Parse(string line)
    {
        using var entry = JsonDocument.Parse(line);
        var root = entry.RootElement;
        var counts = root.GetProperty("counts").EnumerateObject().ToDictionary(call => Syscalls.NumberOf(call.Name)!.Value, call => call.Value.GetInt64());
        var structure = root.GetProperty("structure").Deserialize<FileStructure>(JsonSerializerOptions.Web)!;
        return (new Load(root.GetProperty("id").GetString()!, counts, root.GetProperty("format").GetString()!, structure), root.GetProperty("malicious").GetBoolean());
    }

    /// <summary>Full path of a file in Fixtures.</summary>
    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "Coordinator.Tests", "Learning", "Fixtures", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new InvalidOperationException($"the tests run outside the repository: {name} is not above them");
    }
}

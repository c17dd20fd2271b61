using System.Text.Json;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Evaluation;

/// <summary><c>dynahug evaluate</c>: reads the paper's data, computes its tables and prints them.</summary>
public static class EvaluateRunner
{
    /// <returns>The exit code, 0.</returns>
    /// <exception cref="UsageException">The folder is missing or holds something else.</exception>
    public static int Run(string dataFolder, EvaluateFormat format, TextWriter output, CancellationToken cancel)
    {
        if (!Directory.Exists(dataFolder))
        {
            throw new UsageException($"there is no folder '{dataFolder}': give the one with the paper's counts by --data");
        }

        var sets = EvaluationSet.Read(new PaperData(dataFolder));
        var rows = new PaperTables(sets, cluster => FoldOf(dataFolder, sets, cluster), cancel).Rows();
        output.Write(EvaluationReport.Of(rows, format));
        return 0;
    }

    /// <summary>The published model's training rows, from the reference results beside the data; null where those are missing.</summary>
    private static IReadOnlyList<int>? FoldOf(string dataFolder, IReadOnlyList<EvaluationSet> sets, string cluster)
    {
        var path = Path.Combine(dataFolder, "expected.json");
        var model = cluster == EvaluationSet.TextGeneration ? "tg_paper_fold5" : "tc_paper_fold4";
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var reference = JsonDocument.Parse(File.ReadAllText(path));
            var rows = reference.RootElement.GetProperty("models").GetProperty(model).GetProperty("train_rows").Deserialize<int[]>()!;
            var available = sets.First(set => set.Cluster == cluster).Training.Count;
            return rows.Length > 0 && rows.All(row => row >= 0 && row < available)
                ? rows
                : throw new UsageException($"'{path}' names training rows of {model} that '{cluster}' does not have");
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UsageException($"'{path}' does not name the training rows of {model}: remove it or restore it", wrong);
        }
    }
}

using System.Text.Json.Serialization;
using DynaHug.Shared.Wire;
using Parquet.Serialization;

namespace DynaHug.Coordinator.Reports;

/// <summary>Flagged files as a Parquet table, the columns those of the CSV.</summary>
internal static class ParquetReport
{
    public static async Task<byte[]> OfAsync(HubReport report, CancellationToken cancel)
    {
        using var buffer = new MemoryStream();
        await ParquetSerializer.SerializeAsync(report.Flagged.Select(RowOf).ToList(), buffer, cancellationToken: cancel);
        return buffer.ToArray();
    }

    private static Row RowOf(FlaggedEntry entry) => new()
    {
        Repo = entry.Repo,
        Revision = entry.Revision,
        Path = entry.Path,
        Sha256 = entry.Sha256?.Hex,
        Label = entry.Label.Name(),
        Case = entry.Case,
        Score = entry.Score,
        Decision = entry.Decision,
        Outcome = entry.Outcome.Name(),
        Indicators = string.Join(' ', entry.Indicators.Select(indicator => indicator.Id).Distinct()),
        Reasons = string.Join(" | ", entry.Reasons),
        TaskCluster = entry.TaskCluster,
        Profile = entry.Profile,
        Environment = entry.Environment,
        FlaggedAt = entry.FlaggedAt?.UtcDateTime,
    };

    /// <summary>One row; the library wants members that it can set.</summary>
    internal sealed class Row
    {
        [JsonPropertyName("repo")] public string? Repo { get; set; }

        [JsonPropertyName("revision")] public string? Revision { get; set; }

        [JsonPropertyName("path")] public string? Path { get; set; }

        [JsonPropertyName("sha256")] public string? Sha256 { get; set; }

        [JsonPropertyName("label")] public string? Label { get; set; }

        [JsonPropertyName("case")] public string? Case { get; set; }

        [JsonPropertyName("score")] public double? Score { get; set; }

        [JsonPropertyName("decision")] public double? Decision { get; set; }

        [JsonPropertyName("outcome")] public string? Outcome { get; set; }

        [JsonPropertyName("indicators")] public string? Indicators { get; set; }

        [JsonPropertyName("reasons")] public string? Reasons { get; set; }

        [JsonPropertyName("task_cluster")] public string? TaskCluster { get; set; }

        [JsonPropertyName("profile")] public string? Profile { get; set; }

        [JsonPropertyName("environment")] public string? Environment { get; set; }

        [JsonPropertyName("flagged_at")] public DateTime? FlaggedAt { get; set; }
    }
}

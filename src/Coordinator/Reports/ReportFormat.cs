using System.Text.Json.Serialization;

namespace DynaHug.Coordinator.Reports;

/// <summary>What a hub-wide report can be turned into. All come from the one record.</summary>
public enum ReportFormat
{
    /// <summary>The record itself.</summary>
    [JsonStringEnumMemberName("json")] Json,

    /// <summary>A page that stands alone.</summary>
    [JsonStringEnumMemberName("html")] Html,

    [JsonStringEnumMemberName("csv")] Csv,
    [JsonStringEnumMemberName("parquet")] Parquet,

    /// <summary>STIX 2.1 bundle: a malware analysis for every flagged file.</summary>
    [JsonStringEnumMemberName("stix")] Stix,

    /// <summary>OSV records of confirmed repos, those that were withdrawn included.</summary>
    [JsonStringEnumMemberName("osv")] Osv,

    [JsonStringEnumMemberName("atom")] Atom,

    /// <summary>CycloneDX 1.6 inventory of flagged files.</summary>
    [JsonStringEnumMemberName("cyclonedx")] Cyclonedx,
}

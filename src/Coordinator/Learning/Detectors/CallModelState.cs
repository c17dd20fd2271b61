using System.Text.Json.Serialization;

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A fitted <see cref="CallModel"/> as it stands in a profile.</summary>
/// <param name="Schema">Feature schema of the counts.</param>
/// <param name="Called">Columns that some training load is not zero in.</param>
/// <param name="Formats">What is known of each format with enough training loads.</param>
internal sealed record CallModelState(string Schema, IReadOnlyList<int> Called, IReadOnlyList<FormatCalls> Formats);

/// <summary>What repeats in the loads of one format: every call but these.</summary>
/// <param name="Format">Content format; empty where formats are not known.</param>
/// <param name="Sized">Calls that do not repeat, each column once.</param>
/// <param name="Apart">Number of its own, from 1, for a format that is known by our reference files: its loads lie apart from all others. 0 for those of the training set.</param>
internal sealed record FormatCalls(string Format, IReadOnlyList<SizedCall> Sized, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Apart = 0);

namespace DynaHug.Coordinator.Learning.Detectors;

/// <summary>A fitted <see cref="CallModel"/> as it stands in a profile.</summary>
/// <param name="Schema">Feature schema of the counts.</param>
/// <param name="Formats">Formats whose counts are known.</param>
/// <param name="Called">Columns that some training load is not zero in.</param>
/// <param name="Sized">Calls that do not repeat.</param>
internal sealed record CallModelState(string Schema, IReadOnlyList<string> Formats, IReadOnlyList<int> Called, IReadOnlyList<SizedCall> Sized);

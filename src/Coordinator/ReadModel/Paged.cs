namespace DynaHug.Coordinator.ReadModel;

/// <summary>One page of a list.</summary>
/// <param name="Next">Cursor of the next page, opaque; null on the last.</param>
public sealed record Paged<T>(IReadOnlyList<T> Items, string? Next);

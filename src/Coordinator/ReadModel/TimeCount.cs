namespace DynaHug.Coordinator.ReadModel;

/// <summary>How much fell into one span of time.</summary>
/// <param name="From">Start of the hour or day, UTC.</param>
public sealed record TimeCount(DateTimeOffset From, long Count);

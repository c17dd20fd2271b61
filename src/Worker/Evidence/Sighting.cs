using DynaHug.Shared.Verdicts;

namespace DynaHug.Worker.Evidence;

/// <summary>An indicator and the place in the window where it was first seen; what is only known at the end stands at the end.</summary>
public sealed record Sighting(int At, Indicator Indicator);

namespace DynaHug.Coordinator.ReadModel;

/// <summary>What <see cref="FacetRow"/> says of a repo.</summary>
internal static class FacetKind
{
    /// <summary>A file of the current revision ended so.</summary>
    public const string Outcome = "outcome";

    /// <summary>A file of the current revision shows this indicator.</summary>
    public const string Indicator = "indicator";
}

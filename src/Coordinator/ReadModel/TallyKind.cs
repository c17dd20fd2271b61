namespace DynaHug.Coordinator.ReadModel;

/// <summary>What <see cref="TallyRow"/> counts.</summary>
internal static class TallyKind
{
    /// <summary>Repos, by label; <see cref="Open"/> for those without a verdict.</summary>
    public const string Repos = "repos";

    /// <summary>Files of current revisions, by outcome; <see cref="Open"/> for those not analysed yet.</summary>
    public const string Files = "files";

    /// <summary>Flagged repos, by indicator.</summary>
    public const string Indicators = "indicators";

    /// <summary>Distinct contents: <see cref="Fetched"/>, <see cref="Analysed"/>.</summary>
    public const string Artifacts = "artifacts";

    /// <summary>Verdicts reached, by UTC hour.</summary>
    public const string VerdictHours = "verdict-hours";

    /// <summary>Repos newly flagged, by UTC day.</summary>
    public const string FlagDays = "flag-days";

    public const string Open = "open";
    public const string Fetched = "fetched";
    public const string Analysed = "analysed";
}

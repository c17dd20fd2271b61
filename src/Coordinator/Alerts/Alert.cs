using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Alerts;

/// <summary>A flag that people should look at.</summary>
/// <param name="Rank">From 1.</param>
/// <param name="Why">Why it stands where it does.</param>
public sealed record Alert(int Rank, FlaggedRepo Repo, string Why);

/// <summary>The flags of the last day in the order in which they are worth a person's time, as many as the budget has.</summary>
/// <param name="Since">Flags of after this moment.</param>
/// <param name="Budget">Flags a day that people look at.</param>
/// <param name="New">Repos that were first seen, and judged, since then.</param>
/// <param name="Flagged">Of all repos, those flagged since then.</param>
/// <param name="BaseRate">Share of repos that are malicious.</param>
/// <param name="Expected">How many of the new ones that makes.</param>
/// <param name="ExpectedPrecision">
/// Share of the shown flags that is malicious if the base rate holds and every malicious repo is among them: an upper bound. Null where nothing is shown.
/// </param>
public sealed record AlertList(DateTimeOffset Since, int Budget, long New, long Flagged, double BaseRate, double Expected, double? ExpectedPrecision, IReadOnlyList<Alert> Alerts);

namespace DynaHug.Coordinator.Reports;

/// <summary>What became of flags between two reports of a hub.</summary>
/// <param name="Since">When the earlier one was made.</param>
/// <param name="New">Files that were not flagged then.</param>
/// <param name="Changed">Files that were flagged then for other content, with another label or another state.</param>
/// <param name="Withdrawn">Files that are flagged no more, as they were then.</param>
public sealed record ReportDifference(DateTimeOffset Since, IReadOnlyList<FlaggedEntry> New, IReadOnlyList<ChangedEntry> Changed, IReadOnlyList<FlaggedEntry> Withdrawn)
{
    public static ReportDifference Of(HubReport earlier, HubReport later)
    {
        var before = earlier.Flagged.ToDictionary(Key);
        var after = later.Flagged.ToDictionary(Key);
        return new ReportDifference(
            earlier.GeneratedAt,
            [.. later.Flagged.Where(entry => !before.ContainsKey(Key(entry)))],
            [.. later.Flagged
                .Where(entry => before.TryGetValue(Key(entry), out var former) && WhatOf(former) != WhatOf(entry))
                .Select(entry => new ChangedEntry(entry.Repo, entry.Path, WhatOf(before[Key(entry)]), WhatOf(entry)))],
            [.. earlier.Flagged.Where(entry => !after.ContainsKey(Key(entry)))]);
    }

    private static (string, string) Key(FlaggedEntry entry) => (entry.Repo, entry.Path);

    private static FlagFacts WhatOf(FlaggedEntry entry) => new(entry.Revision, entry.Sha256, entry.Label, entry.Case, entry.Profile);
}

/// <summary>A file that is flagged in both reports, otherwise.</summary>
public sealed record ChangedEntry(string Repo, string Path, FlagFacts Was, FlagFacts Is);

/// <summary>What a difference compares of a flagged file.</summary>
public sealed record FlagFacts(string Revision, Shared.Artifacts.Sha256? Sha256, Shared.Verdicts.Label Label, string Case, string? Profile);

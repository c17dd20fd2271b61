using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>
/// Everything that is asked of the read model, by pages, reports and the actors that look over the whole hub. Each call opens its own
/// connection and sees a consistent state; any number may run at a time. Lists page by key and read along an index.
/// </summary>
public sealed partial class ReadModelQueries(ReadModelDatabase database)
{
    private static readonly IReadOnlyList<string> AllOutcomes = [.. Enum.GetValues<Outcome>().Select(outcome => outcome.Name()), TallyKind.Open];

    /// <summary>Grows with every change; equal marks mean equal answers.</summary>
    public async Task<long> ChangeMarkAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Projections.SumAsync(row => row.JournalOffset, cancel);
    }

    public async Task<Overview> OverviewAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        await using var snapshot = await database.BeginReadingAsync(db, cancel);
        var tallies = await db.Tallies
            .Where(row => row.Kind == TallyKind.Repos || row.Kind == TallyKind.Files || row.Kind == TallyKind.Artifacts)
            .ToListAsync(cancel);
        var labels = Sum(tallies, TallyKind.Repos);
        var artifacts = Sum(tallies, TallyKind.Artifacts);
        var open = labels.GetValueOrDefault(TallyKind.Open);
        var repos = labels.Values.Sum();
        return new Overview(
            repos,
            repos - open,
            open,
            Flagged(labels),
            artifacts.GetValueOrDefault(TallyKind.Fetched),
            artifacts.GetValueOrDefault(TallyKind.Analysed),
            await db.Profiles.CountAsync(row => row.Active, cancel),
            Stored.Moment(await db.Verdicts.MaxAsync(row => (long?)row.ReachedAt, cancel)),
            labels,
            EveryOutcome(Sum(tallies, TallyKind.Files)));
    }

    /// <summary>Figures of every task cluster, the largest first.</summary>
    public async Task<IReadOnlyList<TaskClusterFigures>> TaskClusterFiguresAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var tallies = await db.Tallies
            .Where(row => row.Kind == TallyKind.Repos || row.Kind == TallyKind.Files || row.Kind == TallyKind.Indicators)
            .ToListAsync(cancel);
        return [.. tallies
            .GroupBy(row => row.TaskCluster)
            .Select(group =>
            {
                var labels = Sum(group, TallyKind.Repos);
                return new TaskClusterFigures(
                    group.Key, labels.Values.Sum(), Flagged(labels), labels, EveryOutcome(Sum(group, TallyKind.Files)), Sum(group, TallyKind.Indicators));
            })
            .OrderByDescending(figures => figures.Repos)
            .ThenBy(figures => figures.TaskCluster, StringComparer.Ordinal)];
    }

    /// <summary>Verdicts reached in each of the last hours, the oldest first, hours without one included.</summary>
    public async Task<IReadOnlyList<TimeCount>> VerdictsByHourAsync(DateTimeOffset now, int hours, CancellationToken cancel)
    {
        var thisHour = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        return await CountsAsync(
            TallyKind.VerdictHours, [.. Enumerable.Range(1 - hours, hours).Select(back => thisHour.AddHours(back))], "yyyy-MM-dd'T'HH", cancel);
    }

    /// <summary>Repos newly flagged on each of the last days, the oldest first, days without one included.</summary>
    public async Task<IReadOnlyList<TimeCount>> FlagsByDayAsync(DateTimeOffset now, int days, CancellationToken cancel)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        return await CountsAsync(TallyKind.FlagDays, [.. Enumerable.Range(1 - days, days).Select(back => today.AddDays(back))], "yyyy-MM-dd", cancel);
    }

    /// <summary>Every version of every profile, by task cluster, the newest version first.</summary>
    public async Task<IReadOnlyList<ProfileSummary>> ProfilesAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var rows = await db.Profiles.OrderBy(row => row.TaskCluster).ThenBy(row => row.Environment).ThenByDescending(row => row.Version).ToListAsync(cancel);
        return [.. rows.Select(ProfileOf)];
    }

    private async Task<IReadOnlyList<TimeCount>> CountsAsync(string kind, IReadOnlyList<DateTimeOffset> spans, string format, CancellationToken cancel)
    {
        await using var db = database.Open();
        var names = spans.Select(span => span.ToString(format)).ToList();
        var counts = await db.Tallies.Where(row => row.Kind == kind && names.Contains(row.Item)).ToDictionaryAsync(row => row.Item, row => row.Amount, cancel);
        return [.. spans.Zip(names, (span, name) => new TimeCount(span, counts.GetValueOrDefault(name)))];
    }

    private static ProfileSummary ProfileOf(ProfileRow row) => new(
        row.TaskCluster, row.Environment, row.Version, Sha256.Parse(row.Blob), row.Detector, row.TrainingLoads, row.FalseAlarmRate, row.Recall, Stored.Moment(row.FittedAt), row.Active,
        Stored.Moment(row.ActivatedAt), row.Comparison is null ? null : Stored.FromJson<ProfileComparison>(row.Comparison));

    private static Dictionary<string, long> Sum(IEnumerable<TallyRow> tallies, string kind) =>
        tallies.Where(row => row.Kind == kind).GroupBy(row => row.Item).ToDictionary(group => group.Key, group => group.Sum(row => row.Amount));

    private static Dictionary<string, long> EveryOutcome(Dictionary<string, long> counts) =>
        AllOutcomes.ToDictionary(outcome => outcome, outcome => counts.GetValueOrDefault(outcome));

    private static long Flagged(Dictionary<string, long> labels) =>
        labels.GetValueOrDefault(Label.Suspicious.Name()) + labels.GetValueOrDefault(Label.Malicious.Name());
}

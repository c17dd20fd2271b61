using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reviews;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>Something a person can do about a flag, on one repo or many.</summary>
/// <param name="Key">Key that does it to the repo in focus.</param>
/// <param name="Done">What is said afterwards.</param>
/// <param name="From">States in which it makes sense; empty for all.</param>
public sealed record CaseAction(string Name, string Key, string Why, string Done, IReadOnlyList<string> From)
{
    public static readonly CaseAction Confirm = new("Confirm", "c", "It is what the verdict says.", "confirmed", [CaseState.New, CaseState.Suppressed, CaseState.FalseAlarm]);
    public static readonly CaseAction FalseAlarm = new("False alarm", "f", "It is harmless. The machine's verdict stays beside this.", "called a false alarm", [CaseState.New, CaseState.Suppressed, CaseState.Confirmed]);
    public static readonly CaseAction Suppress = new("Suppress", "s", "Flag these contents no more for these signs, wherever they lie.", "suppressed", [CaseState.New]);
    public static readonly CaseAction Reopen = new("Reopen", "u", "Take the judgement back.", "reopened", [CaseState.Confirmed, CaseState.FalseAlarm]);
    public static readonly CaseAction Rescan = new("Rescan", "r", "Analyse it anew, before all other work.", "queued for a new analysis", []);

    public static readonly IReadOnlyList<CaseAction> All = [Confirm, FalseAlarm, Suppress, Reopen, Rescan];

    public bool Fits(string? state) => From.Count == 0 || From.Contains(state ?? CaseState.New);

    internal Task DoAsync(Reviewer reviewer, RepoId repo, string revision, string note, string by, CancellationToken cancel) => Key switch
    {
        "c" => reviewer.JudgeAsync(repo, revision, Judgement.Confirmed, note, by, cancel),
        "f" => reviewer.JudgeAsync(repo, revision, Judgement.FalseAlarm, note, by, cancel),
        "u" => reviewer.JudgeAsync(repo, revision, Judgement.New, note, by, cancel),
        "s" => reviewer.SuppressAsync(repo, note, by, cancel),
        _ => reviewer.RescanAsync(repo, revision, by, cancel),
    };
}

using System.ComponentModel.DataAnnotations;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;

namespace DynaHug.Coordinator.Learning;

/// <summary>
/// Fits profiles by protocol: of the candidates (one recipe, several hyperparameters) the one with the fewest out-of-fold false alarms on
/// the benign loads wins, among equals the one that finds most of the same loads with a small payload's calls added and of the injected
/// ones, then the first. No malicious load takes part. The same loads in any order give the same profile, byte for byte.
/// </summary>
public static class ProfileFitter
{
    /// <exception cref="ArgumentException">Too few loads, two with one id, an empty load, or one of another environment.</exception>
    /// <exception cref="ValidationException">An option is outside its range.</exception>
    public static Profile Fit(string taskCluster, string environment, IReadOnlyList<Load> loads, FitOptions options, CancellationToken cancel) =>
        Fit(taskCluster, environment, loads, DetectorCatalogue.Default, options, cancel);

    /// <summary>The same with other candidates than the default recipe's.</summary>
    /// <param name="manifest">How the loads were chosen; null where somebody gave them.</param>
    /// <param name="injected">Files with a payload and their loads, hosts among <paramref name="loads"/>: they count for recall and nothing else.</param>
    /// <param name="references">Loads of our own files in formats that <paramref name="loads"/> lacks: learned from, and counted nowhere.</param>
    /// <param name="report">Told how far the fit is, one line at a time.</param>
    public static Profile Fit(
        string taskCluster,
        string environment,
        IReadOnlyList<Load> loads,
        IReadOnlyList<IDetector> candidates,
        FitOptions options,
        CancellationToken cancel,
        TrainingManifest? manifest = null,
        IReadOnlyList<InjectedLoad>? injected = null,
        IReadOnlyList<Load>? references = null,
        Action<string>? report = null)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        List<Load> beside = [.. (references ?? []).ExceptBy(loads.Select(load => load.Id), load => load.Id).OrderBy(load => load.Id, StringComparer.Ordinal).Select(load => load with { IsReference = true })];
        Check(taskCluster, environment, loads, beside, candidates, options);
        var ordered = loads.OrderBy(load => load.Id, StringComparer.Ordinal).ToList();
        var tried = candidates
            .Select((candidate, place) =>
            {
                report?.Invoke($"fitting {taskCluster} on {loads.Count} loads: candidate {place + 1} of {candidates.Count}");
                return (Detector: candidate, Result: CrossValidation.Run(candidate, ordered, beside, options, cancel, injected));
            })
            .ToList();
        var (chosen, result) = tried.OrderBy(candidate => candidate.Result.FalseAlarmRate).ThenByDescending(candidate => candidate.Result.Recall).First();
        var validation = new ProfileValidation(
            result.FalseAlarmRate,
            result.Recall,
            options.Folds,
            options.Seed,
            [.. tried.Select(candidate => new TriedCandidate(candidate.Detector.Hyperparameters, candidate.Result.FalseAlarmRate, candidate.Result.Recall))]);
        return Profile.Of(
            chosen,
            taskCluster,
            environment,
            [.. ordered.Select(load => load.Id)],
            manifest ?? TrainingManifest.Given(ordered),
            validation,
            Calibration.Of(result.Values),
            chosen.Fit([.. ordered, .. beside], options.Seed, cancel));
    }

    private static void Check(
        string taskCluster, string environment, IReadOnlyList<Load> loads, IReadOnlyList<Load> references, IReadOnlyList<IDetector> candidates, FitOptions options)
    {
        if (loads.Count < options.MinimumLoads)
        {
            throw new ArgumentException(
                $"{taskCluster} has {loads.Count} loads, a profile needs {options.MinimumLoads}: use the not-clustered profile", nameof(loads));
        }

        List<Load> all = [.. loads, .. references];
        if (all.GroupBy(load => load.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"load {twice.Key} is given {twice.Count()} times: give each once", nameof(loads));
        }

        if (all.FirstOrDefault(load => load.Counts.Count == 0 || load.Counts.Any(entry => entry.Key < 0 || entry.Value < 0)) is { } bad)
        {
            throw new ArgumentException($"load {bad.Id} has no counts, or negative ones: leave it out", nameof(loads));
        }

        if (all.FirstOrDefault(load => load.Environment is not null && load.Environment != environment) is { } foreign)
        {
            throw new ArgumentException($"load {foreign.Id} was traced in {foreign.Environment}, the profile is of {environment}: counts of two environments do not compare", nameof(loads));
        }

        var needs = candidates.Aggregate(LoadFacts.None, (all, candidate) => all | candidate.Needs);
        if (all.FirstOrDefault(load => Lacks(load, needs)) is { } poor)
        {
            throw new ArgumentException($"load {poor.Id} lacks facts that a candidate needs ({needs}): read its stored events and file", nameof(loads));
        }
    }

    private static bool Lacks(Load load, LoadFacts needs) =>
        (needs.HasFlag(LoadFacts.Opcodes) && load.Opcodes is null) || (needs.HasFlag(LoadFacts.Sequences) && load.Sequences is null);
}

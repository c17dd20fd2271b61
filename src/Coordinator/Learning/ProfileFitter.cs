using System.ComponentModel.DataAnnotations;
using DynaHug.Coordinator.Learning.Detectors;

namespace DynaHug.Coordinator.Learning;

/// <summary>
/// Fits profiles by protocol: of the candidates (one recipe, several hyperparameters) the one with the fewest out-of-fold false alarms on
/// the benign loads wins, among equals the one that finds most of the same loads with a small payload's calls added, then the first. No
/// malicious load takes part. The same loads in any order give the same profile, byte for byte.
/// </summary>
public static class ProfileFitter
{
    /// <exception cref="ArgumentException">Too few loads, two with one id, or an empty load.</exception>
    /// <exception cref="ValidationException">An option is outside its range.</exception>
    public static Profile Fit(string taskCluster, string environment, IReadOnlyList<Load> loads, FitOptions options, CancellationToken cancel) =>
        Fit(taskCluster, environment, loads, DetectorCatalogue.Default, options, cancel);

    /// <summary>The same with other candidates than the default recipe's.</summary>
    public static Profile Fit(
        string taskCluster, string environment, IReadOnlyList<Load> loads, IReadOnlyList<IDetector> candidates, FitOptions options, CancellationToken cancel)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        Check(taskCluster, loads, options);
        var ordered = loads.OrderBy(load => load.Id, StringComparer.Ordinal).ToList();
        var (chosen, result) = candidates
            .Select(candidate => (candidate, Result: CrossValidation.Run(candidate, ordered, options, cancel)))
            .OrderBy(tried => tried.Result.FalseAlarmRate)
            .ThenByDescending(tried => tried.Result.Recall)
            .First();
        return Profile.Of(
            chosen.Name,
            taskCluster,
            environment,
            [.. ordered.Select(load => load.Id)],
            new ProfileValidation(result.FalseAlarmRate, result.Recall),
            Calibration.Of(result.Values),
            chosen.Fit(ordered, options.Seed, cancel));
    }

    private static void Check(string taskCluster, IReadOnlyList<Load> loads, FitOptions options)
    {
        if (loads.Count < options.MinimumLoads)
        {
            throw new ArgumentException(
                $"{taskCluster} has {loads.Count} loads, a profile needs {options.MinimumLoads}: use the not-clustered profile", nameof(loads));
        }

        if (loads.GroupBy(load => load.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"load {twice.Key} is given {twice.Count()} times: give each once", nameof(loads));
        }

        if (loads.FirstOrDefault(load => load.Counts.Count == 0 || load.Counts.Any(entry => entry.Key < 0 || entry.Value < 0)) is { } bad)
        {
            throw new ArgumentException($"load {bad.Id} has no counts, or negative ones: leave it out", nameof(loads));
        }
    }
}

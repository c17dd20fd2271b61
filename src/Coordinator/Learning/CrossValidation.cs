using DynaHug.Coordinator.Learning.Detectors;

namespace DynaHug.Coordinator.Learning;

/// <param name="Values">Decision value of each benign load by a detector that was not fitted on it.</param>
/// <param name="FalseAlarmRate">Share of them that are outliers.</param>
/// <param name="Recall">Share of outliers among the same loads, each changed by a small payload's calls, and the injected ones.</param>
internal sealed record ValidationResult(IReadOnlyList<double> Values, double FalseAlarmRate, double Recall);

/// <summary>k-fold cross-validation on benign loads: each, and what was made of it, is scored by a detector fitted on the other folds.</summary>
internal static class CrossValidation
{
    /// <param name="references">Loads that every fold learns from and that none is scored on.</param>
    public static ValidationResult Run(
        IDetector detector, IReadOnlyList<Load> loads, IReadOnlyList<Load> references, FitOptions options, CancellationToken cancel, IReadOnlyList<InjectedLoad>? injected = null)
    {
        var positives = (injected ?? []).ToLookup(positive => positive.File.Host, positive => positive.Load);
        var order = Enumerable.Range(0, loads.Count).ToArray();
        new Random(options.Seed).Shuffle(order);
        var values = new double[loads.Count];
        var found = new double[loads.Count][];
        var limits = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = options.Processors };
        Parallel.For(0, options.Folds, limits, fold =>
        {
            var training = order.Where((_, place) => place % options.Folds != fold).Order().Select(index => loads[index]).Concat(references).ToList();
            var fitted = detector.Fit(training, options.Seed, cancel);
            foreach (var index in order.Where((_, place) => place % options.Folds == fold))
            {
                cancel.ThrowIfCancellationRequested();
                values[index] = fitted.Value(loads[index]);
                found[index] = [fitted.Value(Perturbations.Perturb(loads[index], index)), .. positives[loads[index].Id].Select(fitted.Value)];
            }
        });
        return new ValidationResult(values, values.Average(value => value < 0 ? 1.0 : 0), found.SelectMany(ofHost => ofHost).Average(value => value < 0 ? 1.0 : 0));
    }
}

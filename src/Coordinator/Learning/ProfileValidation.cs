namespace DynaHug.Coordinator.Learning;

/// <summary>
/// What cross-validation on the training loads says of a profile. The hyperparameters were chosen by the same figures, so that they are a
/// little too good.
/// </summary>
/// <param name="FalseAlarmRate">Share of benign loads taken for outliers by a detector not fitted on them.</param>
/// <param name="Recall">Share found of the same loads with a small payload's calls added, and of the injected ones (<see cref="TrainingManifest.Injected"/>).</param>
/// <param name="Folds">Folds of the cross-validation; 0 in profiles of format 1, which did not say.</param>
/// <param name="Seed">What the folds were drawn by.</param>
/// <param name="Candidates">Every choice of hyperparameters that was tried, in order; null in profiles of format 1.</param>
public sealed record ProfileValidation(double FalseAlarmRate, double Recall, int Folds = 0, int Seed = 0, IReadOnlyList<TriedCandidate>? Candidates = null);

/// <summary>One choice of hyperparameters and what cross-validation said of it.</summary>
public sealed record TriedCandidate(IReadOnlyDictionary<string, string> Hyperparameters, double FalseAlarmRate, double Recall);

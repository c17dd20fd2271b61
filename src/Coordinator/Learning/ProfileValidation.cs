namespace DynaHug.Coordinator.Learning;

/// <summary>
/// What cross-validation on the training loads says of a profile. The hyperparameters were chosen by the same figures, so that they are a
/// little too good.
/// </summary>
/// <param name="FalseAlarmRate">Share of benign loads taken for outliers by a detector not fitted on them.</param>
/// <param name="Recall">Share found of the same loads with a small payload's calls added.</param>
public sealed record ProfileValidation(double FalseAlarmRate, double Recall);

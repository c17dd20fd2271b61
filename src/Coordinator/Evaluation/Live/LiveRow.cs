namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>What a detector does, fitted on benign loads of one seed, with loads of others.</summary>
/// <param name="Table">What the row is compared with.</param>
/// <param name="Training">Loads it was fitted on.</param>
/// <param name="Benign">Benign loads judged, all of them new.</param>
/// <param name="FalseAlarms">How many of them are outliers.</param>
/// <param name="OneMore">Benign loads judged with one call more: each with each call of <see cref="LiveStudy.OneMoreCalls"/>.</param>
/// <param name="OneMoreFound">How many of these are outliers.</param>
/// <param name="Injected">Loads of files with a payload.</param>
/// <param name="InjectedFound">How many of them are outliers, by counts alone.</param>
internal sealed record LiveRow(string Table, string Row, int Training, int Benign, int FalseAlarms, int OneMore, int OneMoreFound, int Injected, int InjectedFound);

/// <summary>A curve or a set of bars for a plot.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

namespace DynaHug.Shared.Jobs;

/// <summary>A job as people and programs see it.</summary>
/// <param name="Underway">Repos that are being analysed.</param>
/// <param name="SecondsLeft">At the pace so far; null where that cannot be said.</param>
/// <param name="Changes">At most <see cref="RescanJob.MostChanges"/>.</param>
public sealed record JobFigures(
    int Id,
    JobStatus Status,
    JobScope Scope,
    string Environment,
    string By,
    DateTimeOffset StartedAt,
    int Total,
    int Judged,
    int Underway,
    int GivenUp,
    int NewlyFlagged,
    int Cleared,
    double? SecondsLeft,
    IReadOnlyList<LabelChange> Changes)
{
    public static JobFigures Of(RescanJob job, DateTimeOffset now) => new(
        job.Id, job.Status, job.Scope, job.Environment, job.By, job.StartedAt, job.Total, job.Judged, job.Underway.Count, job.GivenUp, job.NewlyFlagged, job.Cleared,
        job.Left(now)?.TotalSeconds, job.Changes);
}

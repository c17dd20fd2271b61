namespace DynaHug.Crawler.Hub.Transport;

/// <summary>The requests that the hub still allows.</summary>
public interface IRateBudget
{
    /// <summary>Waits until the bucket has a request left for the lane at hand (<see cref="Shared.Work.CurrentLane"/>), and takes it.</summary>
    Task TakeAsync(string bucket, CancellationToken cancel);

    /// <summary>Notes what the hub says is left; see <see cref="Shared.Hub.BudgetCommands.Note"/>.</summary>
    void Note(string bucket, long left, TimeSpan reset, long? quota);
}

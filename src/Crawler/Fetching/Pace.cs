namespace DynaHug.Crawler.Fetching;

/// <summary>
/// Whether one stream brings a file fast enough. Where a file host limits each connection, several at a time do better; where it does not, they only cost: parts that
/// wait for their turn leave the processor's cache, and are copied and hashed out of main memory.
/// </summary>
internal sealed class Pace(Download download, TimeProvider clock)
{
    private const long EnoughToJudge = 32L << 20;
    private const double FastBytesPerSecond = 50 << 20;

    private static readonly TimeSpan LongEnoughToJudge = TimeSpan.FromSeconds(2);

    private readonly long started = clock.GetTimestamp();
    private readonly long before = download.Have;
    private bool judged;

    /// <summary>True once, when it is known that the stream is slow and much is still missing.</summary>
    public bool TurnsOutSlow()
    {
        var (came, took) = (download.Have - before, clock.GetElapsedTime(started));
        if (judged || (came < EnoughToJudge && took < LongEnoughToJudge))
        {
            return false;
        }

        judged = true;
        return download.Missing >= ParallelParts.WorthIt && came < took.TotalSeconds * FastBytesPerSecond;
    }
}

namespace DynaHug.Crawler.Sparse;

/// <summary>Libraries for zips look for an end record near the end of a file, whatever its start is: then its middle is no data.</summary>
internal static class HiddenZip
{
    /// <summary>An end record with the longest comment, and the zip64 records in front of it.</summary>
    private const int SearchedBytes = 22 + ushort.MaxValue + 76;

    /// <exception cref="NotUnderstoodException">The end may be one of a zip.</exception>
    public static async Task RefuseAsync(ReadParts file, CancellationToken cancel)
    {
        var start = Math.Max(0, file.Size - SearchedBytes);
        var tail = await file.ReadAsync(start, file.Size - start, cancel);
        if (tail.AsSpan().IndexOf("PK\x05\x06"u8) >= 0)
        {
            throw new NotUnderstoodException("a zip may hide at the end");
        }
    }
}

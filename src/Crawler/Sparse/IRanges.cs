namespace DynaHug.Crawler.Sparse;

/// <summary>A file of known size whose bytes can be had in parts.</summary>
internal interface IRanges
{
    /// <summary>Bytes of the whole file.</summary>
    long Size { get; }

    /// <summary>Exactly these bytes.</summary>
    /// <exception cref="RangesRefusedException">They cannot be had in parts.</exception>
    Task<byte[]> ReadAsync(long offset, int count, CancellationToken cancel);
}

/// <summary>Parts of the file are not given, or not as declared; the whole may still be had.</summary>
internal sealed class RangesRefusedException(string message) : Exception(message);

namespace DynaHug.Crawler.Sparse;

/// <summary>A file of known size whose bytes can be had in parts.</summary>
internal interface IRanges
{
    /// <summary>Bytes of the whole file.</summary>
    long Size { get; }

    /// <summary>Reads as many bytes as <paramref name="target"/> has room for, from an offset on.</summary>
    /// <exception cref="RangesRefusedException">They cannot be had in parts.</exception>
    Task ReadAsync(long offset, Memory<byte> target, CancellationToken cancel);
}

/// <summary>Parts of the file are not given, or not as declared; the whole may still be had.</summary>
internal sealed class RangesRefusedException(string message) : Exception(message);

using Microsoft.Win32.SafeHandles;

namespace DynaHug.Crawler.Sparse;

/// <summary>Parts of a file on this machine.</summary>
internal sealed class LocalRanges(string path) : IRanges, IDisposable
{
    private readonly SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    public long Size => RandomAccess.GetLength(file);

    public async Task ReadAsync(long offset, Memory<byte> target, CancellationToken cancel)
    {
        for (var done = 0; done < target.Length;)
        {
            var read = await RandomAccess.ReadAsync(file, target[done..], offset + done, cancel);
            done += read > 0 ? read : throw new RangesRefusedException($"'{Shared.Printable.Of(path)}' ends before byte {offset + target.Length}");
        }
    }

    public void Dispose() => file.Dispose();
}

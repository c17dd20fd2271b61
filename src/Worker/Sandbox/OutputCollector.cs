using System.Text;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Drains one output stream of a sandbox, which would block if nobody did, and keeps at most <paramref name="limit"/> bytes of it.
/// </summary>
internal sealed class OutputCollector(Stream stream, int limit)
{
    private readonly MemoryStream kept = new();
    private readonly TaskCompletionSource<string?> firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource flooded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The first line once it is there; null when the stream ended before.</summary>
    public Task<string?> FirstLine => firstLine.Task;

    /// <summary>Completes when there is more than the limit; draining goes on.</summary>
    public Task Flooded => flooded.Task;

    /// <summary>Reads to the end of the stream.</summary>
    public async Task DrainAsync()
    {
        var buffer = new byte[16_384];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var length)
            {
                Keep(buffer.AsSpan(0, length));
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The pipe was closed under us after a kill; what was kept stands.
        }

        firstLine.TrySetResult(null);
    }

    /// <summary>What was kept, as text; invalid UTF-8 becomes U+FFFD.</summary>
    public string Text()
    {
        lock (kept)
        {
            return Encoding.UTF8.GetString(kept.GetBuffer().AsSpan(0, (int)kept.Length));
        }
    }

    private void Keep(ReadOnlySpan<byte> content)
    {
        lock (kept)
        {
            var room = limit - (int)kept.Length;
            kept.Write(content[..Math.Min(room, content.Length)]);
            if (content.Length > room)
            {
                flooded.TrySetResult();
            }

            var all = kept.GetBuffer().AsSpan(0, (int)kept.Length);
            if (!firstLine.Task.IsCompleted && all.IndexOf((byte)'\n') is >= 0 and var end)
            {
                firstLine.TrySetResult(Encoding.UTF8.GetString(all[..end]));
            }
        }
    }
}

namespace DynaHug.Worker.Sandbox;

/// <summary>A lock between processes that the kernel lets go of when its holder dies, however it dies.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The lock, or null when another process holds it.</summary>
    public static IDisposable? TryAcquire(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <exception cref="SandboxException">Another process held it for all of <paramref name="patience"/>.</exception>
    public static async Task<IDisposable> AcquireAsync(string path, TimeSpan patience, TimeProvider clock, CancellationToken cancel)
    {
        var begin = clock.GetTimestamp();
        while (true)
        {
            if (TryAcquire(path) is { } held)
            {
                return held;
            }

            if (clock.GetElapsedTime(begin) > patience)
            {
                throw new SandboxException($"'{path}' is held by another process for {patience.TotalSeconds:0} s; end it or use another data folder");
            }

            await Task.Delay(Pause, clock, cancel);
        }
    }
}

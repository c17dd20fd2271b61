namespace DynaHug.Shared.Artifacts;

/// <summary>A blob as a file of this machine, which stays for as long as this is not disposed. Never to be written.</summary>
public sealed class LocalBlob(string path, Action? release = null) : IDisposable
{
    private Action? release = release;

    public string Path { get; } = path;

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}

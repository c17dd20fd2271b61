namespace DynaHug.Coordinator.Hosting;

/// <summary>Holds a data folder for one process. The kernel lets go of it when the process ends, however it ends.</summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileStream held;

    private DataFolderLock(FileStream held) => this.held = held;

    /// <exception cref="UsageException">Another process holds it, or it cannot be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var file = Path.Combine(folder, "lock");
        try
        {
            Directory.CreateDirectory(folder);
            var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            using (var writer = new StreamWriter(stream, leaveOpen: true))
            {
                writer.WriteLine(Environment.ProcessId);
            }

            return new DataFolderLock(stream);
        }
        catch (IOException busy)
        {
            throw new UsageException($"data folder '{folder}' cannot be locked ({busy.Message}); stop the other dynahug that uses it, or name another with --data", busy);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new UsageException($"data folder '{folder}' cannot be written ({denied.Message}); name another with --data", denied);
        }
    }

    public void Dispose() => held.Dispose();
}

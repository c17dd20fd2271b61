using System.Globalization;
using System.Security.Cryptography;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The folders of this process's sandboxes. They carry a lock, so that the next process can tell what a dead one left behind
/// (folders, control groups, sockets; processes at worst) and sweeps it.
/// </summary>
internal sealed class SandboxSession : IDisposable
{
    private const string SocketPrefix = "dynahug-";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IDisposable held;
    private readonly string token;
    private int runs;

    private SandboxSession(string runsFolder, string token)
    {
        this.token = token;
        Folder = Path.Combine(runsFolder, token);
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(SocketFolder(token), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        held = FileLock.TryAcquire(Path.Combine(Folder, "lock")) ?? throw new SandboxException($"'{Folder}' is in use");
    }

    /// <summary>Everything of this session, save sockets.</summary>
    public string Folder { get; }

    public static async Task<SandboxSession> OpenAsync(string folder, TimeProvider clock, CancellationToken cancel)
    {
        var runsFolder = Path.Combine(Path.GetFullPath(folder), "runs");
        Directory.CreateDirectory(runsFolder);
        using var only = await FileLock.AcquireAsync(Path.Combine(runsFolder, "lock"), Patience, clock, cancel);
        foreach (var left in Directory.EnumerateDirectories(runsFolder))
        {
            await SweepAsync(left, clock);
        }

        return new SandboxSession(runsFolder, RandomNumberGenerator.GetHexString(12, lowercase: true));
    }

    /// <summary>Folders for one more run; nothing in them exists yet but the slot.</summary>
    public RunFolder NewRun()
    {
        var number = Interlocked.Increment(ref runs).ToString(CultureInfo.InvariantCulture);
        var run = new RunFolder(Path.Combine(Folder, number), Path.Combine(SocketFolder(token), number), $"{Cgroups.Parent}/{token}-{number}");
        Directory.CreateDirectory(run.Slot);
        Directory.CreateDirectory(run.State);
        return run;
    }

    public void Dispose()
    {
        held.Dispose();
        Delete(SocketFolder(token));
        Delete(Folder);
    }

    private static async Task SweepAsync(string left, TimeProvider clock)
    {
        using var dead = FileLock.TryAcquire(Path.Combine(left, "lock"));
        if (dead is null)
        {
            return;
        }

        var token = Path.GetFileName(left);
        await ProcessTable.EndAsync(left + '/', Patience, clock);
        foreach (var group in Cgroups.Names().Where(name => name.StartsWith($"{token}-", StringComparison.Ordinal)))
        {
            await Cgroups.RemoveAsync($"{Cgroups.Parent}/{group}", Patience, clock);
        }

        Delete(SocketFolder(token));
        Delete(left);
    }

    /// <summary>Short, because a socket's path has to fit in 107 bytes.</summary>
    private static string SocketFolder(string token)
    {
        var temporary = Path.GetTempPath();
        return Path.Combine(temporary.Length > 60 ? "/tmp" : temporary, SocketPrefix + token);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

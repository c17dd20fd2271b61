using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace DynaHug.Shared.Tests;

/// <summary>A real PostgreSQL server of Debian's package, on a free loopback port and in a folder that goes with it.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Programs = "/usr/lib/postgresql";
    private const string User = "postgres";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string folder;
    private Process? server;
    private int databases;

    private PostgresServer(string folder, int port) => (this.folder, Port) = (folder, port);

    /// <summary>Why there can be none on this machine; empty where there can.</summary>
    public static string WhyNot { get; } =
        Binary("postgres") is null ? "no PostgreSQL server is installed (Debian: postgresql)"
        : Environment.UserName == "root" && !File.Exists("/usr/bin/setpriv") ? "root needs setpriv to start PostgreSQL as another user"
        : "";

    public int Port { get; }

    public static async Task<PostgresServer> StartAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-postgres-").FullName;
        if (Environment.UserName == "root")
        {
            await RunAsync(Process.Start("chown", [User, folder]), cancel);
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var started = new PostgresServer(folder, ((IPEndPoint)listener.LocalEndpoint).Port);
        listener.Stop();
        await RunAsync(started.Launch("initdb", "-D", started.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"), cancel);
        await started.ResumeAsync(cancel);
        return started;
    }

    private string Data => Path.Combine(folder, "data");

    /// <summary>Makes an empty database; gives its address.</summary>
    public async Task<Uri> MakeDatabaseAsync(CancellationToken cancel)
    {
        var name = $"dynahug{Interlocked.Increment(ref databases)}";
        await QueryAsync("postgres", $"CREATE DATABASE {name}", cancel);
        return new Uri($"postgres://{User}@127.0.0.1:{Port}/{name}");
    }

    /// <summary>What psql prints for a statement: columns parted by <c>|</c>, a row a line.</summary>
    public async Task<string> QueryAsync(string database, string statement, CancellationToken cancel)
    {
        using var psql = Process.Start(new ProcessStartInfo(Binary("psql")!, ["-h", "127.0.0.1", "-p", $"{Port}", "-U", User, "-d", database, "-qtA", "-v", "ON_ERROR_STOP=1", "-c", statement])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await psql.StandardOutput.ReadToEndAsync(cancel);
        await RunAsync(psql, cancel);
        return output.Trim();
    }

    /// <summary>SIGQUIT: it ends at once, as if the machine had lost power, and recovers at the next start.</summary>
    public async Task CrashAsync()
    {
        using var kill = Process.Start("kill", ["-QUIT", $"{server!.Id}"]);
        await server.WaitForExitAsync();
        server.Dispose();
        server = null;
    }

    public async Task ResumeAsync(CancellationToken cancel)
    {
        server = Launch("postgres", "-D", Data, "-p", $"{Port}", "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-c", "shared_buffers=64MB");
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var ready = Process.Start(new ProcessStartInfo(Binary("pg_isready")!, ["-q", "-h", "127.0.0.1", "-p", $"{Port}"]))!;
            await ready.WaitForExitAsync(cancel);
            if (ready.ExitCode == 0)
            {
                return;
            }

            if (server.HasExited || clock.Elapsed > StartTimeout)
            {
                throw new InvalidOperationException($"PostgreSQL did not start; its log is in {folder}/log");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await CrashAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The newest installed version of a program of PostgreSQL, or null.</summary>
    private static string? Binary(string name) => !Directory.Exists(Programs) ? null : Directory.EnumerateDirectories(Programs)
        .OrderByDescending(version => version.Length).ThenByDescending(version => version, StringComparer.Ordinal)
        .Select(version => Path.Combine(version, "bin", name))
        .FirstOrDefault(File.Exists);

    /// <summary>PostgreSQL does not run as root.</summary>
    private Process Launch(string program, params string[] arguments)
    {
        string[] asOther = Environment.UserName == "root" ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"] : [];
        string[] command = [.. asOther, Binary(program)!, .. arguments];
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", Path.Combine(folder, "log"), .. command]) { WorkingDirectory = folder })!;
    }

    private static async Task RunAsync(Process process, CancellationToken cancel)
    {
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}' ended with {process.ExitCode}");
        }
    }
}

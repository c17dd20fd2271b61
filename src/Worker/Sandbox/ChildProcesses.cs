using System.Collections.Concurrent;
using System.Diagnostics;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Starts programs that must not outlive us: through <c>setpriv --pdeathsig KILL</c>, the kernel kills them when the thread that started
/// them ends. Hence one thread that lives as long as this object; a thread of the pool may end at any time and would take sandboxes along.
/// </summary>
internal sealed class ChildProcesses : IDisposable
{
    private readonly BlockingCollection<Action> starts = [];
    private readonly Thread starter;

    public ChildProcesses()
    {
        starter = new Thread(Run) { IsBackground = true, Name = "sandbox starter" };
        starter.Start();
    }

    /// <summary>Starts a program with all three streams redirected and an environment of nothing but PATH.</summary>
    /// <exception cref="SandboxException">The program or setpriv cannot be started.</exception>
    public async Task<Process> StartAsync(IEnumerable<string> command)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "--", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException("no process was made"));
            }
            catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(new SandboxException($"a sandbox process cannot be started: {failure.Message}", failure));
            }
        });
        return await started.Task;
    }

    /// <summary>PATH of this process with the system's folders, where runsc's helpers are.</summary>
    public static string SearchPath =>
        string.Join(':', new[] { Environment.GetEnvironmentVariable("PATH"), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" }.Where(path => !string.IsNullOrEmpty(path)));

    /// <summary>Ends the thread, and with it whatever was started and still runs.</summary>
    public void Dispose()
    {
        starts.CompleteAdding();
        starter.Join();
        starts.Dispose();
    }

    private void Run()
    {
        foreach (var start in starts.GetConsumingEnumerable())
        {
            start();
        }
    }
}

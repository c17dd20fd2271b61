using System.Collections.Concurrent;
using System.Diagnostics;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Starts programs that the kernel kills when we die: <c>setpriv --pdeathsig</c> asks for a signal at the death of the starting
/// <i>thread</i>, so that one thread, as long-lived as the process, starts them all.
/// </summary>
internal static class Supervisor
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Requests = [];

    static Supervisor() => new Thread(StartAll) { IsBackground = true, Name = "sandbox supervisor" }.Start();

    /// <summary>Starts a program with all three streams redirected.</summary>
    /// <exception cref="SandboxException">It cannot be started.</exception>
    public static Task<Process> StartAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("setpriv")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--pdeathsig", "KILL", "--", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Requests.Add((start, started));
        return started.Task;
    }

    /// <summary>Runs a program to its end; gives exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = await StartAsync(program, arguments);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static void StartAll()
    {
        foreach (var (start, started) in Requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (System.ComponentModel.Win32Exception missing)
            {
                started.SetException(new SandboxException($"setpriv cannot be started ({missing.Message}); install util-linux", missing));
            }
        }
    }
}

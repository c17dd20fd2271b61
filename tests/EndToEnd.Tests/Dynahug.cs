using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DynaHug.EndToEnd.Tests;

/// <summary>The real <c>dynahug</c> in a process of its own, with what it printed.</summary>
internal sealed class Dynahug : IAsyncDisposable
{
    /// <summary>The one that was built with these tests.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dynahug.dll");

    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();

    private Dynahug(Process process) => this.process = process;

    public int ProcessId => process.Id;

    public string Output => string.Join('\n', output);

    public string Errors => string.Join('\n', errors);

    public bool HasExited => process.HasExited;

    public static Dynahug Start(params string[] arguments) => Start(new Dictionary<string, string?>(), arguments);

    /// <param name="variables">Environment variables to set, or to remove where null.</param>
    public static Dynahug Start(IReadOnlyDictionary<string, string?> variables, params string[] arguments) => StartOf(Program, variables, arguments);

    /// <param name="program">A build's <c>dynahug.dll</c>.</param>
    /// <param name="variables">Environment variables to set, or to remove where null.</param>
    public static Dynahug StartOf(string program, IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("HF_TOKEN");
        start.Environment.Remove("HF_ENDPOINT");
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var running = new Dynahug(Process.Start(start)!);
        running.process.OutputDataReceived += (_, line) => Keep(running.output, line.Data);
        running.process.ErrorDataReceived += (_, line) => Keep(running.errors, line.Data);
        running.process.BeginOutputReadLine();
        running.process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<Finished> RunAsync(params string[] arguments) => await RunAsync(new Dictionary<string, string?>(), arguments);

    public static async Task<Finished> RunAsync(IReadOnlyDictionary<string, string?> variables, params string[] arguments)
    {
        await using var running = Start(variables, arguments);
        return await running.ExitAsync(TimeSpan.FromMinutes(10));
    }

    public async Task<Finished> ExitAsync(TimeSpan limit)
    {
        using var timer = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timer.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"dynahug has not ended within {limit}; it printed:\n{Output}\n{Errors}");
        }

        return new Finished(process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until what it prints matches; gives the match.</summary>
    public async Task<Match> PrintsAsync(string pattern, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < limit)
        {
            if (Regex.Match(Output, pattern) is { Success: true } match)
            {
                return match;
            }

            if (process.HasExited)
            {
                break;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"dynahug did not print /{pattern}/; it printed:\n{Output}\n{Errors}");
    }

    /// <summary>SIGKILL: no handler of ours runs.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGINT, as Ctrl-C sends it.</summary>
    public async Task<Finished> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString()]);
        await kill.WaitForExitAsync();
        return await ExitAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    internal sealed record Finished(int ExitCode, string Output, string Errors);
}

using System.CommandLine;
using System.Data.Common;
using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Coordinator.Cli;

/// <summary>The <c>dynahug</c> command: parses, runs, and turns what goes wrong into one clear line and an exit code.</summary>
public static class CommandLine
{
    public static RootCommand Create() => Manual.AddTo(new RootCommand("Finds models that attack whoever loads them: loads each in a sandbox and compares its system calls with those of benign models.")
    {
        DemoCommand.Create(),
        UpCommand.Create(),
        MigrateCommand.Create(),
        ScanCommand.Create(),
        TraceCommand.Create(),
        HubCommand.Create(),
        ProfileCommand.Create(),
        JobCommand.Create(),
        VerdictCommand.Create(),
        ReportCommand.Create(),
        CompletionCommand.Create(),
        EvaluateCommand.Create(),
        DoctorCommand.Create(),
    });

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0 && !Manual.IsAsked(parsed) && !CompletionCommand.IsAsked(args))
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"dynahug: {Printable.Of(error.Message)}");
            }

            await Console.Error.WriteLineAsync("try 'dynahug --help'");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("dynahug: stopped");
            return ExitCode.Error;
        }
        catch (Exception problem) when (Explain(problem) is { } explanation)
        {
            await Console.Error.WriteLineAsync($"dynahug: {explanation}");
            return ExitCode.Error;
        }
    }

    /// <summary>What a person can do about it, or null for a defect of ours, which keeps its stack trace.</summary>
    private static string? Explain(Exception problem) => problem switch
    {
        UsageException or DbException or HubException or SandboxUnavailableException or SandboxException => Printable.Of(problem.Message, 2000),
        IOException or UnauthorizedAccessException => Printable.Of(problem.Message, 2000),
        InvalidDataException => Printable.Of(problem.Message, 2000),
        AggregateException { InnerExceptions: [var single] } => Explain(single),
        { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}

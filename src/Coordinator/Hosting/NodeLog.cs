using Serilog;
using Serilog.Events;

namespace DynaHug.Coordinator.Hosting;

/// <summary>What a node writes to its log, and how: a file a day, a week of them.</summary>
internal static class NodeLog
{
    /// <summary>A line ends with the id of the distributed trace that it belongs to, where there is one (<c>--otlp</c>).</summary>
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} [{Level:u3}] {Message:lj} {TraceId}{NewLine}{Exception}";

    /// <param name="file">The day is put before its extension.</param>
    public static LoggerConfiguration Configure(LoggerConfiguration log, string file) => log
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
        .MinimumLevel.Override("Polly", LogEventLevel.Warning)
        .WriteTo.File(file, outputTemplate: Line, rollingInterval: RollingInterval.Day, fileSizeLimitBytes: 64 << 20, retainedFileCountLimit: 7);
}

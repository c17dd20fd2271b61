using System.Diagnostics;
using DynaHug.Coordinator.Hosting;
using Serilog;

namespace DynaHug.Coordinator.Tests.Hosting;

public sealed class NodeLogSpecs
{
    [Fact]
    public void A_line_that_is_written_while_an_activity_lasts_ends_with_the_id_of_its_trace()
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-log-");
        try
        {
            using var activity = new Activity("trace").Start();
            using (var log = NodeLog.Configure(new LoggerConfiguration(), Path.Combine(folder.FullName, "dynahug-.log")).CreateLogger())
            {
                log.Warning("job {JobKey} failed", "trace sha256-aa");
                activity.Stop();
                log.Information("sandbox is ready");
            }

            var lines = File.ReadAllLines(folder.EnumerateFiles().Single().FullName);
            lines[0].ShouldEndWith($"[WRN] job trace sha256-aa failed {activity.TraceId.ToHexString()}");
            lines[1].TrimEnd().ShouldEndWith("[INF] sandbox is ready");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

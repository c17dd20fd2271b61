using DynaHug.Coordinator.Hosting;
using DynaHug.Crawler.Hub;

namespace DynaHug.Coordinator.Reports;

/// <summary>Makes a hub-wide report every so many hours, counted from the last one that is kept, so that a restart neither skips nor doubles one.</summary>
internal sealed class ReportSchedule(NodeOptions options, HubOptions hub, HubReporter reporter, ReportArchive archive, TimeProvider clock, ILogger<ReportSchedule> logger) : BackgroundService
{
    private static readonly TimeSpan Glance = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.ReportEveryHours == 0)
        {
            return;
        }

        var every = TimeSpan.FromHours(options.ReportEveryHours);
        using var glances = new PeriodicTimer(Glance, clock);
        do
        {
            try
            {
                var last = (await archive.NewestAsync(stoppingToken))?.GeneratedAt;
                if (last is null || clock.GetUtcNow() - last >= every)
                {
                    var report = await reporter.KeepAsync(options.Reports, hub.Endpoint, stoppingToken);
                    logger.LogInformation("report {Report} of {Flagged} flagged files is kept", ReportArchive.IdOf(report), report.Flagged.Count);
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                logger.LogWarning(problem, "the scheduled report could not be made; next try in {Minutes} min", Glance.TotalMinutes);
            }
        }
        while (await glances.WaitForNextTickAsync(stoppingToken));
    }
}

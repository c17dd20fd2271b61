namespace DynaHug.Coordinator.Reports;

public static class ReportServices
{
    public static IServiceCollection AddReports(this IServiceCollection services) => services.AddSingleton<ReportWriter>().AddSingleton<ReportArchive>().AddSingleton<HubReporter>();
}

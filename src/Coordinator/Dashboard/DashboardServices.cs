using System.Text.Encodings.Web;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Alerts;
using DynaHug.Coordinator.Dashboard.Api;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Jobs;
using DynaHug.Coordinator.Monitoring;
using DynaHug.Coordinator.Notifications;
using DynaHug.Coordinator.RawFiles;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Reviews;
using DynaHug.Coordinator.Traces;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.HostFiltering;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>The pages and the API of a coordinator. They read the read model and nothing else.</summary>
public static class DashboardServices
{
    /// <summary>Names this machine goes by on loopback. A page elsewhere whose name is made to point here (DNS rebinding) has another.</summary>
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    public static IServiceCollection AddDashboard(this IServiceCollection services, AccessOptions access, AdmissionPolicy policy)
    {
        services.AddSingleton(policy).AddAccess(access).AddApi();
        services.AddRazorComponents().AddInteractiveServerComponents(options => options.DetailedErrors = false);
        services.AddSingleton<ReadModelPulse>().AddHostedService(provider => provider.GetRequiredService<ReadModelPulse>());
        services.Configure<HostFilteringOptions>(options =>
        {
            options.AllowedHosts = access.PublicHost is { } name ? [.. LoopbackNames, name] : LoopbackNames;
            options.AllowEmptyHosts = false;
            options.IncludeFailureMessage = false;
        });
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.Encoder = JavaScriptEncoder.Default;
            foreach (var converter in Shared.Wire.Json.Options.Converters)
            {
                options.SerializerOptions.Converters.Add(converter);
            }
        });
        services.AddSingleton<HubWatch>().AddSingleton<Reviewer>().AddSingleton<Timelines>().AddSingleton<RawFileDesk>().AddSingleton<JobsClient>().AddSingleton(provider => ActivatorUtilities.CreateInstance<AlertDesk>(provider, provider.GetRequiredService<NodeOptions>().Alerts)).AddSingleton<DeskClient>();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<SigningKey>();
        services.AddSingleton(provider => new WebhookSender(
            new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false }),
            provider.GetRequiredService<SigningKey>(),
            provider.GetRequiredService<TimeProvider>(),
            TimeSpan.FromSeconds(2)));
        services.AddDataProtection();
        services.Configure<KeyManagementOptions>(MemoryKeys.Use);
        return services;
    }

    public static WebApplication MapDashboard(this WebApplication app)
    {
        app.UseHostFiltering();
        SecurityHeaders.Use(app);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseApi();
        app.UseAccess();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
        app.MapApi();
        app.MapAccess(app.Services.GetRequiredService<AccessOptions>());
        app.MapGet("/healthz", async (ReadModelQueries readModel, CancellationToken cancel) =>
        {
            await readModel.ChangeMarkAsync(cancel);
            return Results.Text("ok");
        }).AllowAnonymous();
        app.MapGet("/report", (NodeOptions options, HttpContext context) => ReportFile(options, HubReporter.HtmlFile, "text/html; charset=utf-8", context));
        app.MapGet("/report.json", (NodeOptions options, HttpContext context) => ReportFile(options, HubReporter.JsonFile, "application/json", context));
        return app;
    }

    private static IResult ReportFile(NodeOptions options, string name, string type, HttpContext context)
    {
        var file = Path.GetFullPath(Path.Combine(options.Reports, name));
        if (!File.Exists(file))
        {
            return Results.Text("no report is written yet; the first one is made when the first pass is over", statusCode: StatusCodes.Status404NotFound);
        }

        context.Items[nameof(SecurityHeaders.ReportPolicy)] = true;
        context.Response.Headers.CacheControl = "no-cache";
        return Results.File(file, type);
    }
}

using Akka.Actor;
using Akka.Cluster;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Worker.Canaries;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// What an orchestrator and a metrics server ask: <c>/healthz/live</c> (the process answers), <c>/healthz/ready</c> (it is a member of the cluster, a coordinator can
/// read its database, and a worker's last canaries passed), <c>/metrics</c>. They are all that the
/// port for other hosts serves, to everybody; among the pages, metrics are for those who may see the pages.
/// </summary>
internal static class Probes
{
    public const string Live = "/healthz/live";
    public const string Ready = "/healthz/ready";
    public const string Metrics = "/metrics";

    public static void Map(WebApplication app, NodeOptions options)
    {
        if (options.ProbePort is { } probes)
        {
            app.MapWhen(context => context.Connection.LocalPort == probes, outside => outside.UseOpenTelemetryPrometheusScrapingEndpoint(Metrics).Run(AnswerAsync));
        }

        app.MapPrometheusScrapingEndpoint(Metrics);
        app.MapGet(Live, AnswerAsync).AllowAnonymous();
        app.MapGet(Ready, AnswerAsync).AllowAnonymous();
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var (status, text) = context.Request.Path.Value switch
        {
            Live => (StatusCodes.Status200OK, "live"),
            Ready when await ReadyAsync(services, context.RequestAborted) is { Length: > 0 } reason =>
                (StatusCodes.Status503ServiceUnavailable, reason),
            Ready => (StatusCodes.Status200OK, "ready"),
            _ => (StatusCodes.Status404NotFound, ""),
        };
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Why the node is not ready; empty when it is.</summary>
    private static async Task<string> ReadyAsync(IServiceProvider services, CancellationToken cancel)
    {
        var status = Cluster.Get(services.GetRequiredService<ActorSystem>()).SelfMember.Status;
        if (status != MemberStatus.Up)
        {
            return $"member of the cluster: {status}";
        }

        if (services.GetService<CanaryHealth>() is { IsReady: false } canaries)
        {
            return $"canaries: {canaries.Problem}";
        }

        try
        {
            _ = services.GetService<ReadModelQueries>() is { } readModel ? await readModel.ChangeMarkAsync(cancel) : 0;
            return "";
        }
        catch (System.Data.Common.DbException)
        {
            return "the database does not answer";
        }
    }
}

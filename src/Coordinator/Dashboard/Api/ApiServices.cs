using System.Threading.RateLimiting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;

namespace DynaHug.Coordinator.Dashboard.Api;

/// <summary>What all of the API has in common: its description, errors as problem+json, tags of unchanged answers, limits.</summary>
internal static class ApiServices
{
    public const string Root = "/api/v1";
    public const string Explorer = "/api/explorer";

    /// <summary>Largest body of a request in bytes; every one of ours is small.</summary>
    public const long LargestBody = 1 << 20;

    private const int RequestsPerMinute = 600;
    private const int SignInsPerMinute = 10;

    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            if (context.Exception is BadHttpRequestException bad)
            {
                context.ProblemDetails.Detail ??= Shared.Printable.Of(bad.Message, 300);
            }
        })
        .Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true)
        .AddRateLimiter(Limit)
        .AddOpenApi("v1", options =>
        {
            options.ShouldInclude = description => $"/{description.RelativePath}".StartsWith(Root, StringComparison.Ordinal);
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "DynaHug";
                document.Info.Description = "Verdicts on what models of a hub do when they are loaded. Names of fields stay; see docs/data-schema.md.";
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (context.JsonTypeInfo.Type == typeof(RepoId) || context.JsonTypeInfo.Type == typeof(Sha256) || context.JsonTypeInfo.Type == typeof(ContentKey))
                {
                    schema.Type = JsonSchemaType.String;
                }

                return Task.CompletedTask;
            });
        });

    /// <summary>Before any endpoint: failures of the API are told as problem+json, pages keep theirs.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = problem => problem is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/api"))
            {
                context.Features.Get<IStatusCodePagesFeature>()?.Enabled = false;
            }

            return next(context);
        });
    }

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/api/{documentName}/openapi.json");
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = Explorer.TrimStart('/');
            options.SwaggerEndpoint($"{Root}/openapi.json", "DynaHug v1");
            options.DocumentTitle = "DynaHug API";
        });
        foreach (var prefix in new[] { Root, "/api" })
        {
            var api = app.MapGroup(prefix).AddEndpointFilter(TagAsync);
            ReadApi.Map(api);
            ProfilesApi.Map(api);
            TriageApi.Map(api);
        }

        ReportsApi.Map(app.MapGroup(Root));
        JobsApi.Map(app.MapGroup(Root));
        AlertsApi.Map(app.MapGroup(Root));

        AdmissionApi.Map(app.MapGroup(Root));
        RawFilesApi.Map(app);
        app.Map("/api/{**rest}", () => Results.Problem("there is no such address; /api/explorer lists all", statusCode: StatusCodes.Status404NotFound)).ExcludeFromDescription();
    }

    /// <summary>Equal marks of the read model mean equal answers, so that the mark is the tag of every answer that is read from it.</summary>
    private static async ValueTask<object?> TagAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var (context, cancel) = (invocation.HttpContext, invocation.HttpContext.RequestAborted);
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Query.ContainsKey("since") || context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal)
            || context.Request.Path.Value.EndsWith("/hub", StringComparison.Ordinal))
        {
            return await next(invocation);
        }

        var tag = $"W/\"{await context.RequestServices.GetRequiredService<ReadModelQueries>().ChangeMarkAsync(cancel)}\"";
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.ETag = tag;
        return context.Request.Headers.IfNoneMatch.Contains(tag) ? Results.StatusCode(StatusCodes.Status304NotModified) : await next(invocation);
    }

    private static void Limit(RateLimiterOptions options)
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            context.Request.Path.StartsWithSegments("/sign-in") && HttpMethods.IsPost(context.Request.Method) ? Bucket($"sign-in {context.Connection.RemoteIpAddress}", SignInsPerMinute)
            : context.Request.Path.StartsWithSegments("/api") ? Bucket($"api {context.User.Identity?.Name ?? context.Connection.RemoteIpAddress?.ToString()}", RequestsPerMinute)
            : RateLimitPartition.GetNoLimiter(""));
        options.OnRejected = async (rejected, cancel) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(10);
            rejected.HttpContext.Response.Headers.RetryAfter = $"{Math.Max(1, (int)wait.TotalSeconds)}";
            await Results.Problem("too many requests; wait as long as Retry-After says", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
        };
    }

    private static RateLimitPartition<string> Bucket(string key, int perMinute) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = perMinute,
        TokensPerPeriod = Math.Max(1, perMinute / 6),
        ReplenishmentPeriod = TimeSpan.FromSeconds(10),
        AutoReplenishment = true,
    });
}

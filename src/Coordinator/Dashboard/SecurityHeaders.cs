namespace DynaHug.Coordinator.Dashboard;

/// <summary>Headers of every answer: nothing is loaded from elsewhere, no inline script runs, nobody may frame a page or guess a type.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>For the explorer of the API, which styles elements as it draws them; scripts are ours alone there too.</summary>
    private static readonly string ExplorerPolicy = Policy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);

    /// <summary>For the report, which carries its style within and has no script at all.</summary>
    public const string ReportPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox allow-popups";

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = context.Items.ContainsKey(nameof(ReportPolicy)) ? ReportPolicy
                : context.Request.Path.StartsWithSegments(Api.ApiServices.Explorer) ? ExplorerPolicy
                : Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin"; // nobody else hears where people were, and forms of our own still say whose they are
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            return Task.CompletedTask;
        });
        return next(context);
    });
}

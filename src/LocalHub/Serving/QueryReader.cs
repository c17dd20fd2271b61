using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace DynaHug.LocalHub.Serving;

/// <summary>Reads query parameters as the hub's clients write them, and writes the address of the next page.</summary>
internal static class QueryReader
{
    /// <summary>Clients write booleans as true, True or 1.</summary>
    public static bool Flag(this HttpRequest request, string name) => IsTrue(request.Query[name].ToString());

    public static bool IsTrue(string value) => value is "true" or "True" or "1";

    public static string? Word(this HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A repeated parameter; <c>expand[]=</c> counts as <c>expand=</c>.</summary>
    public static IReadOnlyList<string> Words(this HttpRequest request, string name) =>
        [.. request.Query[name].Concat(request.Query[name + "[]"]).OfType<string>().Where(value => value.Length > 0)];

    /// <summary>A count between 1 and a limit; the limit where it is missing or no number.</summary>
    public static int Limit(this HttpRequest request, int most) =>
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? Math.Clamp(wanted, 1, most) : most;

    /// <summary>Sets the Link header: this request again with one parameter changed. Absolute, since clients want it so.</summary>
    public static void LinkNext(this HttpContext context, string parameter, string value)
    {
        var query = new QueryBuilder(context.Request.Query.Where(pair => pair.Key != parameter)) { { parameter, value } };
        context.Response.Headers.Link = $"<{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}{context.Request.Path.ToUriComponent()}{query}>; rel=\"next\"";
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>Writes JSON whole, with its length.</summary>
internal static class JsonAnswer
{
    public static Task WriteAsync(HttpContext context, JsonNode json) => BytesAsync(context, Encoding.UTF8.GetBytes(json.ToJsonString()), "application/json; charset=utf-8");

    public static async Task BytesAsync(HttpContext context, byte[] body, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}

using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DynaHug.LocalHub.Serving;

/// <summary>Does to answers what the options' faults ask for.</summary>
internal sealed class FaultStage(Func<HubRequest, HubFault?>? faults, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context, bool toFileHost, string target, Func<Task> answer)
    {
        var range = context.Request.Headers.Range.ToString();
        var authorization = context.Request.Headers.Authorization.ToString();
        var request = new HubRequest(toFileHost, context.Request.Method, target, Text(range), Text(authorization));
        switch (faults?.Invoke(request))
        {
            case HubFault.Answer instead:
                await InsteadAsync(context, instead);
                break;
            case HubFault.Wait wait:
                await Task.Delay(wait.Time, clock, context.RequestAborted);
                await answer();
                break;
            case HubFault.Replace lie:
                await ReplaceAsync(context, lie, answer);
                break;
            case { } fault:
                context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new FaultyBody(context, context.Response.Body, fault, clock)));
                await answer();
                break;
            case null:
                await answer();
                break;
        }
    }

    /// <summary>The answer is held back whole, since what stands instead may be longer or shorter.</summary>
    private static async Task ReplaceAsync(HttpContext context, HubFault.Replace lie, Func<Task> answer)
    {
        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var held = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(held));
        await answer();
        context.Features.Set(real);
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(held.ToArray()).Replace(lie.Old, lie.New, StringComparison.Ordinal));
        context.Response.ContentLength = changed.Length;
        await real.Stream.WriteAsync(changed, context.RequestAborted);
    }

    private static string? Text(string header) => header.Length == 0 ? null : header;

    private static Task InsteadAsync(HttpContext context, HubFault.Answer instead)
    {
        context.Response.StatusCode = instead.Status;
        foreach (var (name, value) in instead.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        return JsonAnswer.BytesAsync(context, Encoding.UTF8.GetBytes(instead.Body), instead.ContentType);
    }
}

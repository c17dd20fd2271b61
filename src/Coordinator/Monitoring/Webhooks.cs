using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// Takes the hub's webhooks: <c>POST /webhooks/hub</c> with the agreed secret in <c>X-Webhook-Secret</c>. A webhook is a hint and nothing more: the repo it
/// names is looked at on the hub, and only what the hub then says counts, so that a forged or repeated one can at most cost a request. It is
/// answered before anything is asked. Source: docs/hub/webhooks.md of huggingface/hub-docs.
/// </summary>
internal static class Webhooks
{
    public const string Path = "/webhooks/hub";

    private const string SecretHeader = "X-Webhook-Secret";
    private const int MaxBytes = 256 << 10;

    public static void Map(WebApplication app, string secret)
    {
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes(secret));
        var seen = new SeenWebhooks();
        app.MapPost(Path, async (HttpContext context, IReadOnlyActorRegistry actors) =>
        {
            // Hashes first: a comparison of the texts would tell their length.
            var given = SHA256.HashData(Encoding.UTF8.GetBytes(context.Request.Headers[SecretHeader].ToString()));
            if (!CryptographicOperations.FixedTimeEquals(given, expected))
            {
                return Results.Problem("the secret is missing or wrong", statusCode: StatusCodes.Status401Unauthorized);
            }

            if (await ReadAsync(context) is not { } body)
            {
                return Results.Problem($"a webhook has at most {MaxBytes} bytes", statusCode: StatusCodes.Status413PayloadTooLarge);
            }

            if (!seen.IsNew(SHA256.HashData(body)))
            {
                return Results.Accepted();
            }

            if (Parse(body, out var refreshes) is { } wrong)
            {
                return Results.Problem(wrong, statusCode: StatusCodes.Status400BadRequest);
            }

            foreach (var refresh in refreshes)
            {
                actors.Get<Keys.HubMonitor>().Tell(refresh, ActorRefs.NoSender);
            }

            return Results.Accepted();
        }).DisableAntiforgery().AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>What a webhook asks for: a look at the repo, and at its new name where it moved; nothing for what is no model or concerns no content.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    internal static string? Parse(ReadOnlyMemory<byte> body, out IReadOnlyList<MonitorCommands.Refresh> refreshes)
    {
        refreshes = [];
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            var root = json.RootElement;
            if (Text(root, "event", "scope") is not { } scope || Text(root, "repo", "type") is not { } type)
            {
                return "no event and repo in it";
            }

            // New scopes may appear: a broader one is meant. Discussions change no file.
            if (type != "model" || !(scope == "repo" || scope.StartsWith("repo.", StringComparison.Ordinal)) || IsAboutOtherRefs(root))
            {
                return null;
            }

            var hint = Text(root, "event", "action") == "delete" ? Availability.Deleted : IsPrivate(root) ? Availability.Private : default(Availability?);
            var named = new[] { Text(root, "repo", "name"), Text(root, "movedTo", "name") }.OfType<string>().ToList();
            var repos = named.Select(name => RepoId.TryParse(name, out var repo) ? repo : null).ToList();
            if (repos.Count == 0 || repos.Contains(null))
            {
                return "the repo's name is none";
            }

            refreshes = [.. repos.Select(repo => new MonitorCommands.Refresh(repo!, hint))];
            return null;
        }
        catch (JsonException)
        {
            return "no valid JSON";
        }
    }

    /// <summary>A push to a branch other than main, or a pull request.</summary>
    private static bool IsAboutOtherRefs(JsonElement root) =>
        root.TryGetProperty("updatedRefs", out var refs) && refs.ValueKind == JsonValueKind.Array && refs.GetArrayLength() > 0
        && refs.EnumerateArray().All(changed => Text(changed, "ref") is { } name && name != "refs/heads/main");

    private static bool IsPrivate(JsonElement root) =>
        root.TryGetProperty("repo", out var repo) && repo.ValueKind == JsonValueKind.Object && repo.TryGetProperty("private", out var flag) && flag.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // A broken surrogate only shows when the text is read.
            return null;
        }
    }

    private static async Task<byte[]?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBytes)
        {
            return null;
        }

        var body = new byte[MaxBytes + 1];
        var read = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        return read > MaxBytes ? null : body[..read];
    }
}

/// <summary>Remembers the last webhooks, so that one that is sent again, by the hub or by somebody who has recorded it, asks for nothing.</summary>
internal sealed class SeenWebhooks
{
    private const int Kept = 10_000;

    private readonly Lock gate = new();
    private readonly HashSet<string> hashes = [];
    private readonly Queue<string> order = new();

    public bool IsNew(byte[] hash)
    {
        var key = Convert.ToHexString(hash);
        lock (gate)
        {
            if (!hashes.Add(key))
            {
                return false;
            }

            order.Enqueue(key);
            if (order.Count > Kept)
            {
                hashes.Remove(order.Dequeue());
            }

            return true;
        }
    }
}

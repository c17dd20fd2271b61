using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynaHug.Shared.Hub;
using Microsoft.AspNetCore.Http;

namespace DynaHug.LocalHub.Serving;

/// <summary>
/// Generated repos, each computed from its number when it is asked for, so that a million take no memory. Number 0 is the oldest; every third has
/// no file that a loader opens. Listings go from the newest or, by likes, from the most-liked to the last.
/// </summary>
internal sealed class SyntheticRepos(int count)
{
    private static readonly DateTimeOffset Oldest = new(2022, 3, 2, 23, 29, 4, TimeSpan.Zero);
    private static readonly string[] Tasks = ["text-generation", "text-classification", "image-classification", "fill-mask", "automatic-speech-recognition"];

    /// <summary>A repo by its number.</summary>
    internal sealed record Made(int Number)
    {
        public string Id => $"synthetic-{Number % 997}/model-{Number.ToString("d8", CultureInfo.InvariantCulture)}";

        public string Commit => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Id)))[..40];

        public string Key => Number.ToString("x24", CultureInfo.InvariantCulture);

        public string Date => RepoJson.Date(Oldest.AddSeconds(Number));

        public long Likes => Number % 5000;

        public string Task => Tasks[Number % Tasks.Length];

        public IReadOnlyList<string> Files => Number % 3 == 0 ? ["README.md", "config.json"] : ["README.md", "config.json", "pytorch_model.bin"];
    }

    public Made? Find(RepoId id) =>
        int.TryParse(id.Value[(id.Value.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < count && new Made(number).Id == id.Value
            ? new Made(number)
            : null;

    /// <summary>A page of the listing; the cursor is the number of the next repo.</summary>
    public Task ListAsync(HttpContext context, int pageSize)
    {
        var limit = context.Request.Limit(pageSize);
        var start = context.Request.Word("cursor") is { } cursor && int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : count - 1;
        start = Math.Min(start, count - 1);
        var last = Math.Max(0, start - limit + 1);
        if (last > 0)
        {
            context.LinkNext("cursor", (last - 1).ToString(CultureInfo.InvariantCulture));
        }

        var page = new MemoryStream();
        using (var json = new Utf8JsonWriter(page))
        {
            json.WriteStartArray();
            for (var number = start; number >= last; number--)
            {
                Write(json, new Made(number));
            }

            json.WriteEndArray();
        }

        return JsonAnswer.BytesAsync(context, page.ToArray(), "application/json");
    }

    /// <summary>Information and tree of one repo; its files are not there.</summary>
    public static Task AnswerAsync(HttpContext context, HubRoute route, Made repo)
    {
        if (route.Kind is not (RouteKind.Info or RouteKind.Tree))
        {
            return HubError.NoEntry(repo.Commit).WriteAsync(context);
        }

        var answer = new MemoryStream();
        using (var json = new Utf8JsonWriter(answer))
        {
            if (route.Kind == RouteKind.Info)
            {
                Write(json, repo);
            }
            else
            {
                WriteTree(json, repo);
            }
        }

        return JsonAnswer.BytesAsync(context, answer.ToArray(), "application/json");
    }

    private static void Write(Utf8JsonWriter json, Made repo)
    {
        json.WriteStartObject();
        json.WriteString("_id", repo.Key);
        json.WriteString("id", repo.Id);
        json.WriteString("sha", repo.Commit);
        json.WriteString("lastModified", repo.Date);
        json.WriteString("createdAt", repo.Date);
        json.WriteNumber("likes", repo.Likes);
        json.WriteNumber("downloads", repo.Likes * 10);
        json.WriteString("pipeline_tag", repo.Task);
        json.WriteString("library_name", "transformers");
        json.WriteBoolean("gated", false);
        json.WriteStartArray("siblings");
        foreach (var file in repo.Files)
        {
            json.WriteStartObject();
            json.WriteString("rfilename", file);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTree(Utf8JsonWriter json, Made repo)
    {
        json.WriteStartArray();
        foreach (var file in repo.Files)
        {
            json.WriteStartObject();
            json.WriteString("type", "file");
            json.WriteString("path", file);
            json.WriteString("oid", repo.Commit);
            json.WriteNumber("size", 1000);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DynaHug.Coordinator.Dashboard;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Jobs;
using DynaHug.Shared;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Cli;

/// <summary>What the <c>job</c> commands do, by the API of a running node.</summary>
/// <param name="key">API key, or null where the node asks for none.</param>
internal sealed class JobRunner(Uri node, string? key, TextWriter output) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient client = new() { BaseAddress = node, Timeout = Timeout };

    public async Task<int> ListAsync(CancellationToken cancel)
    {
        var jobs = await GetAsync<IReadOnlyList<JobFigures>>("api/v1/jobs", cancel);
        foreach (var job in jobs)
        {
            await output.WriteLineAsync(
                $"{job.Id}  {job.Status.Name()}  {job.Judged + job.GivenUp} of {job.Total} repos{(job.SecondsLeft is { } left ? $", about {Math.Ceiling(left / 60):0} min left" : "")}, "
                + $"newly flagged {job.NewlyFlagged}, cleared {job.Cleared}: {ScopeText.Of(job.Scope)}");
        }

        if (jobs.Count == 0)
        {
            await output.WriteLineAsync("no bulk rescan has been begun");
        }

        return ExitCode.Clean;
    }

    public async Task<int> ShowAsync(int id, CancellationToken cancel)
    {
        await output.WriteLineAsync(JsonSerializer.Serialize(await GetAsync<JobFigures>($"api/v1/jobs/{id}", cancel), Json.Indented));
        return ExitCode.Clean;
    }

    public async Task<int> CountAsync(JobScope scope, CancellationToken cancel)
    {
        var count = await PostAsync<JobsApi.JobCount>("api/v1/jobs/count", scope, cancel);
        await output.WriteLineAsync($"{count!.Repos} repos would be analysed anew: {ScopeText.Of(scope)}; the newest environment is {Printable.Of(count.Environment, 120)}");
        return ExitCode.Clean;
    }

    public async Task<int> StartAsync(JobScope scope, CancellationToken cancel)
    {
        var started = await PostAsync<JobsApi.JobStarted>("api/v1/jobs", scope, cancel);
        await output.WriteLineAsync($"job {started!.Id} has begun; 'dynahug job list' tells how far it is");
        return ExitCode.Clean;
    }

    public async Task<int> SetStatusAsync(int id, JobStatus status, CancellationToken cancel)
    {
        await PostAsync<object>($"api/v1/jobs/{id}/status", new JobsApi.JobChange(status), cancel);
        await output.WriteLineAsync($"job {id} is {status.Name()}");
        return ExitCode.Clean;
    }

    public void Dispose() => client.Dispose();

    private async Task<T> GetAsync<T>(string path, CancellationToken cancel) where T : class =>
        await SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, path), cancel) ?? throw new UsageException($"{node} answered nothing; is it a node of this version?");

    private Task<T?> PostAsync<T>(string path, object body, CancellationToken cancel) where T : class =>
        SendAsync<T>(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, body.GetType(), options: Json.Options) }, cancel);

    /// <exception cref="UsageException">The node does not answer, or refuses, with its reason.</exception>
    private async Task<T?> SendAsync<T>(HttpRequestMessage request, CancellationToken cancel) where T : class
    {
        using (request)
        {
            request.Headers.Authorization = key is { Length: > 0 } ? new AuthenticationHeaderValue("Bearer", key) : null;
            try
            {
                using var answer = await client.SendAsync(request, cancel);
                var text = await answer.Content.ReadAsStringAsync(cancel);
                return answer.IsSuccessStatusCode
                    ? text.Length == 0 ? null : JsonSerializer.Deserialize<T>(text, Json.Options)
                    : throw new UsageException($"{node} refused ({(int)answer.StatusCode}): {Detail(text)}");
            }
            catch (HttpRequestException broken)
            {
                throw new UsageException($"no node answers at {node} ({Printable.Of(broken.Message, 160)}); start one with 'dynahug up', or name it with --node", broken);
            }
            catch (JsonException wrong)
            {
                throw new UsageException($"{node} is no node of this version ({Printable.Of(wrong.Message, 160)})", wrong);
            }
        }
    }

    /// <summary>The reason in an answer of RFC 9457.</summary>
    private static string Detail(string text)
    {
        try
        {
            using var problem = JsonDocument.Parse(text);
            return problem.RootElement.TryGetProperty("detail", out var detail) ? Printable.Of(detail.GetString() ?? "", 400) : "no reason given";
        }
        catch (JsonException)
        {
            return "no reason given";
        }
    }
}

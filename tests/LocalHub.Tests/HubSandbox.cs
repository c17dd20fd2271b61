using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.LocalHub.Tests;

/// <summary>A folder of repos in a temporary place, the hub that serves it, and a client that follows no redirects.</summary>
public sealed class HubSandbox : IAsyncDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("dynahug-hub-");
    private LocalHubServer? server;

    public string Folder => root.FullName;

    public LocalHubServer Server => server!;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public async Task StartAsync(Func<string, LocalHubOptions>? options = null, TimeProvider? clock = null)
    {
        var wanted = options?.Invoke(Folder) ?? new LocalHubOptions { Folder = Folder, RescanInterval = TimeSpan.Zero };
        server = await LocalHubServer.StartAsync(wanted, NullLoggerFactory.Instance, clock ?? TimeProvider.System, TestContext.Current.CancellationToken);
        Client.BaseAddress = server.HubUrl;
    }

    public string Put(string path, string content) => Put(path, Encoding.UTF8.GetBytes(content));

    public string Put(string path, byte[] content)
    {
        var place = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllBytes(place, content);
        return place;
    }

    public async Task<JsonElement> JsonAsync(string target)
    {
        using var response = await GetAsync(target);
        response.EnsureSuccessStatusCode();
        return await JsonAsync(response);
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var json = JsonDocument.Parse(await TextAsync(response));
        return json.RootElement.Clone();
    }

    public static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> GetAsync(string target, string? range = null, string? token = null) => SendAsync(HttpMethod.Get, target, range, token);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string target, string? range = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.HubUrl, target));
        if (range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", range);
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> PostAsync(string target, HttpContent content) => Client.PostAsync(new Uri(Server.HubUrl, target), content, TestContext.Current.CancellationToken);

    public static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        root.Delete(recursive: true);
    }
}

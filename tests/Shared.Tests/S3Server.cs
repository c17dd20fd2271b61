using System.Diagnostics;
using System.Text.RegularExpressions;

namespace DynaHug.Shared.Tests;

/// <summary>A real server of the S3 protocol, s3rver of npm, on a free loopback port, with one bucket in a folder that goes with it.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string Bucket = "blobs";

    /// <summary>Id and secret that it knows.</summary>
    public const string Key = "S3RVER";

    private const string Package = "s3rver@3.7.1";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly NodeFolder node = new();
    private Process? server;
    private int port;

    /// <summary>Why there can be none on this machine; empty where there is one.</summary>
    public string WhyNot { get; private set; } = "";

    public Uri Endpoint => new($"http://127.0.0.1:{port}");

    /// <summary>As <c>--blobs</c> takes it.</summary>
    public string Address => $"s3://{Bucket}/dynahug?endpoint={Endpoint}";

    /// <summary>For the environment of who uses <see cref="Address"/>.</summary>
    public static IReadOnlyDictionary<string, string?> Credentials { get; } = new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = Key, ["AWS_SECRET_ACCESS_KEY"] = Key };

    private string Data => Path.Combine(node.Path, "data");

    public async ValueTask InitializeAsync()
    {
        WhyNot = await node.InstallAsync(Package);
        if (WhyNot.Length == 0)
        {
            await ResumeAsync();
        }
    }

    /// <summary>The file that the bytes of an object lie in.</summary>
    public string FileOf(string key) => $"{Path.Combine(Data, Bucket, key)}._S3rver_object";

    /// <summary>SIGKILL; what is stored stays.</summary>
    public async Task StopAsync()
    {
        server!.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        server = null;
    }

    /// <summary>Starts it, again at the same port.</summary>
    public async Task ResumeAsync()
    {
        server = Process.Start(new ProcessStartInfo(
            "node", ["node_modules/s3rver/bin/s3rver.js", "--directory", Data, "--address", "127.0.0.1", "--port", $"{port}", "--silent", "--no-vhost-buckets", "--configure-bucket", Bucket])
        {
            WorkingDirectory = node.Path,
            RedirectStandardOutput = true,
        })!;
        using var limit = new CancellationTokenSource(StartTimeout);
        while (await server.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Regex.Match(line, @"listening on \S+:(\d+)") is { Success: true } match)
            {
                port = int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
                return;
            }
        }

        throw new InvalidOperationException("s3rver ended before it listened");
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await StopAsync();
        }

        node.Dispose();
    }
}

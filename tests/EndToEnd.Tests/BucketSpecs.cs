using DynaHug.Shared.Tests;

namespace DynaHug.EndToEnd.Tests;

/// <summary>Blobs in a bucket of a real server of the S3 protocol: hub, crawler, bucket, worker and verdict, nodes without a folder in common.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class BucketSpecs(S3Server server) : IClassFixture<S3Server>
{
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_pass_reaches_every_verdict_though_the_bucket_is_gone_for_a_while()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        Assert.SkipUnless(server.WhyNot.Length == 0, server.WhyNot);
        using var folder = new TempFolder();
        var repos = await SmallHub.MakeAsync(folder.Under("hub"), benign: 3);
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        var port = Loopback.FreePort();
        await using var coordinator = Dynahug.Start(
            S3Server.Credentials, "up", "--hub", address, "--data", folder.Under("data"), "--blobs", server.Address, "--port", "0", "--roles", "coordinator,crawler", "--cluster-port", $"{port}", "--once");
        await using var worker = Dynahug.Start(
            S3Server.Credentials, "up", "--data", folder.Under("worker"), "--blobs", server.Address, "--port", "0", "--roles", "worker", "--seed", $"127.0.0.1:{port}");
        await coordinator.PrintsAsync(@"dashboard\s+http", Soon);
        await worker.PrintsAsync("worker", Soon);

        await server.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        coordinator.HasExited.ShouldBeFalse(coordinator.Errors);
        await server.ResumeAsync();
        var finished = await coordinator.ExitAsync(PassLimit);

        finished.ExitCode.ShouldBe(1, finished.Errors);
        finished.Output.ShouldContain("evil/runs-a-shell");
        using var report = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(folder.Under("data", "reports", "report.json"), TestContext.Current.CancellationToken));
        report.RootElement.GetProperty("coverage").GetProperty("analysed").GetInt64().ShouldBe(repos.Count);
        Directory.Exists(folder.Under("data", "blobs")).ShouldBeFalse("all blobs are in the bucket");
        Directory.Exists(folder.Under("worker", "blobs")).ShouldBeFalse("all blobs are in the bucket");
        File.ReadAllText(Directory.GetFiles(folder.Under("data", "logs"))[0]).ShouldNotContain(S3Server.Key);
    }

    [Fact]
    public async Task A_start_says_what_is_wrong_with_the_bucket_and_no_secret()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        Assert.SkipUnless(server.WhyNot.Length == 0, server.WhyNot);
        using var folder = new TempFolder();
        string[] up = ["up", "--data", folder.Under("data"), "--roles", "worker", "--seed", "127.0.0.1:1", "--port", "0", "--blobs"];
        var wrong = new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = "SOMEBODY", ["AWS_SECRET_ACCESS_KEY"] = "verysecret" };
        var none = new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = null, ["AWS_SECRET_ACCESS_KEY"] = null };

        var missing = await Dynahug.RunAsync(S3Server.Credentials, [.. up, $"s3://nowhere?endpoint={server.Endpoint}"]);
        var refused = await Dynahug.RunAsync(wrong, [.. up, server.Address]);
        var unset = await Dynahug.RunAsync(none, [.. up, server.Address]);

        foreach (var (finished, word) in new[] { (missing, "make the bucket"), (refused, "refuses us"), (unset, "AWS_ACCESS_KEY_ID") })
        {
            finished.ExitCode.ShouldBe(2);
            finished.Errors.ShouldContain(word);
            (finished.Output + finished.Errors).ShouldNotContain("verysecret");
        }
    }
}

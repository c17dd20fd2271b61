using System.Diagnostics;
using System.Net;

namespace DynaHug.EndToEnd.Tests;

/// <summary>A node whose sandbox breaks while it runs.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class CanarySpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_stops_taking_work_says_so_and_goes_on_by_itself_once_the_sandbox_is_mended_and_no_canary_shows_up_as_a_model()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        await SmallHub.MakeAsync(folder.Under("hub"), benign: 1);
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        await WriteRunscAsync("exec runsc \"$@\"");
        var runsc = new Dictionary<string, string?> { ["DYNAHUG_RUNSC"] = folder.Under("runsc") };
        await using var node = Dynahug.Start(runsc, "up", "--hub", address, "--data", folder.Under("data"), "--port", "0", "--poll", "1", "--canary-every", "0.05");
        using var client = new HttpClient { BaseAddress = new Uri((await node.PrintsAsync(@"dashboard\s+(http://\S+)", Soon)).Groups[1].Value) };
        await ReadyAsync(HttpStatusCode.OK);
        await node.PrintsAsync("watching for new pushes", Soon);

        await WriteRunscAsync("exit 1");
        (await ReadyAsync(HttpStatusCode.ServiceUnavailable, times: 60)).ShouldStartWith("canaries: ");
        (await client.GetStringAsync("metrics", Cancel)).ShouldMatch(@"(?m)^dynahug_canary_ready\S* 0$");
        await SmallHub.WriteMaliciousAsync(folder.Under("new", "model.pkl"), "nested-pickle"); // not the bytes of the hub's own, which are known by now;
        (await Dynahug.RunAsync("hub", "push", folder.Under("hub"), "newcomer/fresh", folder.Under("new", "model.pkl"))).ExitCode.ShouldBe(0);
        await UntilAsync(async () => (await client.GetStringAsync("metrics", Cancel)).Split('\n').Any(line =>
            line.Contains("queue=\"trace-queue\"", StringComparison.Ordinal) && line.Contains("state=\"waiting\"", StringComparison.Ordinal) && line.EndsWith("} 1", StringComparison.Ordinal)));

        await WriteRunscAsync("exec runsc \"$@\"");

        await ReadyAsync(HttpStatusCode.OK);
        await node.PrintsAsync("malicious newcomer/fresh", Soon);
        (await client.GetStringAsync("api/v1/repos", Cancel)).ShouldNotContain("canary");
        using var overview = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync("api/v1/overview", Cancel));
        overview.RootElement.GetProperty("overview").GetProperty("coverage").GetProperty("analysed").GetInt64().ShouldBe(3, "two repos of the hub, one pushed");

        // Several times in a row: sandboxes that were restored ahead, before what starts them broke, still work.
        async Task<string> ReadyAsync(HttpStatusCode wanted, int times = 1)
        {
            var (said, inARow) = ("", 0);
            await UntilAsync(async () =>
            {
                using var answer = await client.GetAsync("healthz/ready", Cancel);
                said = await answer.Content.ReadAsStringAsync(Cancel);
                inARow = answer.StatusCode == wanted ? inARow + 1 : 0;
                return inARow == times;
            });
            return said;
        }

        async Task UntilAsync(Func<Task<bool>> holds)
        {
            for (var clock = Stopwatch.StartNew(); !await holds(); await Task.Delay(200, Cancel))
            {
                clock.Elapsed.ShouldBeLessThan(Soon, $"{node.Output}\n{node.Errors}");
            }
        }

        async Task WriteRunscAsync(string line)
        {
            var fresh = folder.Under("runsc.new");
            await File.WriteAllTextAsync(fresh, $"#!/bin/sh\n{line}\n", Cancel);
            File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Move(fresh, folder.Under("runsc"), overwrite: true);
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace DynaHug.EndToEnd.Tests;

/// <summary>A registry asks for revisions that are not the newest.</summary>
[Trait("kind", "sandbox")]
[Trait("length", "long")]
public sealed class PinSpecs
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_older_commit_is_fetched_traced_and_judged_on_request_and_the_repo_stays_as_it_is()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Under("hub"));
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        using var hubClient = new HttpClient { BaseAddress = new Uri((await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value) };
        await SmallHub.WriteMaliciousAsync(folder.Under("first", "model.pkl"), "os-system");
        Directory.CreateDirectory(folder.Under("second"));
        await File.WriteAllTextAsync(folder.Under("second", "model.pkl"), "(dp0\nVweights\np1\nI1\ns.", Cancel);
        var older = await PushAsync("first");
        var newer = await PushAsync("second", former: older);
        await using var node = Dynahug.Start("up", "--hub", $"{hubClient.BaseAddress}", "--data", folder.Under("data"), "--port", "0", "--poll", "86400");
        using var client = new HttpClient { BaseAddress = new Uri((await node.PrintsAsync(@"dashboard\s+(http://\S+)", Soon)).Groups[1].Value) };
        await node.PrintsAsync("watching for new pushes", Soon);

        (await AskAsync($"acme/pinned@{older}")).Decision.ShouldBe("unknown");
        (await AskAsync($"acme/pinned@{older}?queue=true")).Status.ShouldBe(HttpStatusCode.Accepted);
        var denied = await UntilAsync($"acme/pinned@{older}", answer => answer.Decision == "deny");
        denied.Revision.ShouldBe(older);
        denied.Reason.ShouldContain("started a program");

        await AskAsync($"acme/pinned@{new string('f', 40)}?queue=true");
        (await UntilAsync($"acme/pinned@{new string('f', 40)}", answer => answer.Label == "unknown")).Reason.ShouldContain("the hub has no such revision");
        (await AskAsync("acme/pinned@HEAD?queue=true")).Revision.ShouldBe(newer);
        (await AskAsync("acme/pinned@no-such-tag?queue=true")).Reason.ShouldContain("the hub has no such revision");
        using var repo = JsonDocument.Parse(await client.GetStringAsync("api/v1/repos/acme/pinned", Cancel));
        repo.RootElement.GetProperty("summary").GetProperty("revision").GetString().ShouldBe(newer);
        repo.RootElement.GetProperty("history").EnumerateArray().Select(past => past.GetProperty("revision").GetString()).Distinct().ShouldBe([newer]);
        using var flagged = JsonDocument.Parse(await client.GetStringAsync("api/v1/flagged", Cancel));
        flagged.RootElement.GetProperty("items").GetArrayLength().ShouldBe(0);

        async Task<string> PushAsync(string state, string former = "")
        {
            (await Dynahug.RunAsync("hub", "push", folder.Under("hub"), "acme/pinned", folder.Under(state, "model.pkl"))).ExitCode.ShouldBe(0);
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < Soon; await Task.Delay(200, Cancel))
            {
                using var info = await hubClient.GetAsync("api/models/acme/pinned", Cancel);
                using var json = JsonDocument.Parse(await info.Content.ReadAsStringAsync(Cancel));
                if (info.IsSuccessStatusCode && json.RootElement.GetProperty("sha").GetString() is { } commit && commit != former)
                {
                    return commit;
                }
            }

            throw new TimeoutException("the push does not show up");
        }

        async Task<Answer> UntilAsync(string subject, Func<Answer, bool> holds)
        {
            for (var clock = Stopwatch.StartNew(); ; await Task.Delay(200, Cancel))
            {
                var answer = await AskAsync(subject);
                if (holds(answer))
                {
                    return answer;
                }

                clock.Elapsed.ShouldBeLessThan(Soon, $"{answer}\n{node.Errors}");
            }
        }

        async Task<Answer> AskAsync(string subject)
        {
            using var response = await client.GetAsync($"api/v1/verdicts/{subject}", Cancel);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
            var root = json.RootElement;
            return new Answer(response.StatusCode, Text("decision"), Text("reason") ?? "", Text("revision"), Text("label"));

            string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
    }

    private sealed record Answer(HttpStatusCode Status, string? Decision, string Reason, string? Revision, string? Label);
}

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace DynaHug.EndToEnd.Tests;

/// <summary>A whole pass over a hub, by the real program in processes of its own, with what befalls processes.</summary>
[Trait("kind", "sandbox")]
public sealed class PassSpecs
{
    private const int Benign = 28;
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Killed_in_the_middle_and_started_again_a_pass_loses_nothing_and_doubles_nothing()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        var repos = await SmallHub.MakeAsync(folder.Under("hub"), Benign);
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        string[] up = ["up", "--hub", address, "--data", folder.Under("data"), "--port", "0", "--once", "--training-repos", "100"];

        await using (var killed = Dynahug.Start(up))
        {
            await AnalysedAsync(folder.Under("data", "journal.db"), atLeast: 5);
            await killed.KillAsync();
        }

        AnalysedArtifacts(folder.Under("data", "journal.db")).Count.ShouldBeLessThan(repos.Count, "the pass was over before it was killed");
        await using var again = Dynahug.Start(up);
        var finished = await again.ExitAsync(PassLimit);

        finished.ExitCode.ShouldBe(1, finished.Errors);
        AnalysedArtifacts(folder.Under("data", "journal.db")).ShouldAllBe(artifact => artifact.Value == 1);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(folder.Under("data", "reports", "report.json"), TestContext.Current.CancellationToken));
        report.RootElement.GetProperty("flagged").EnumerateArray().Select(flagged => flagged.GetProperty("repo").GetString()).Distinct().ShouldBe(["evil/runs-a-shell"]);
        report.RootElement.GetProperty("repos").GetInt64().ShouldBe(repos.Count);
        report.RootElement.GetProperty("coverage").GetProperty("analysed").GetInt64().ShouldBe(repos.Count);
        var profile = await Dynahug.RunAsync("profile", "show", SmallHub.Tag, "--data", folder.Under("data"));
        profile.Output.ShouldMatch(@"injected\s+[1-9]\d* files with a payload", profile.Errors);
        profile.Output.ShouldMatch(@"references\s+[1-9]\d* files of ours", "the hub has torch zips only");
        await ScansByTheProfilesOfThePassAsync(folder);
    }

    [Fact]
    public async Task A_push_shows_up_without_a_restart_and_Ctrl_C_ends_it()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        await SmallHub.MakeAsync(folder.Under("hub"), benign: 2);
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        await using var node = Dynahug.Start("up", "--hub", address, "--data", folder.Under("data"), "--port", "0", "--poll", "1");
        var dashboard = (await node.PrintsAsync(@"dashboard\s+(http://\S+)", Soon)).Groups[1].Value;
        await node.PrintsAsync("watching for new pushes", Soon);
        using var client = new HttpClient { BaseAddress = new Uri(dashboard) };
        (await FlaggedAsync(client)).ShouldBe(["evil/runs-a-shell"]);
        await SmallHub.WriteMaliciousAsync(folder.Under("new", "model.pkl"), "os-system");

        var pushed = await Dynahug.RunAsync("hub", "push", folder.Under("hub"), "newcomer/fresh", folder.Under("new", "model.pkl"), "--pipeline-tag", SmallHub.Tag);

        pushed.ExitCode.ShouldBe(0, pushed.Errors);
        await node.PrintsAsync("malicious newcomer/fresh", Soon);
        (await FlaggedAsync(client)).ShouldContain("newcomer/fresh");
        (await node.InterruptAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_of_its_own_joins_a_coordinator_and_adds_to_the_trace_of_each_revision()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        await SmallHub.MakeAsync(folder.Under("hub"), benign: 2);
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        var port = Loopback.FreePort();
        await using var collector = await OtlpCollector.StartAsync();
        await using var coordinator = Dynahug.Start(
            "up", "--hub", address, "--data", folder.Under("data"), "--blobs", folder.Under("blobs"), "--port", "0", "--roles", "coordinator,crawler", "--cluster-port", $"{port}", "--once",
            "--otlp", $"{collector.Address}");
        await using var worker = Dynahug.Start(
            "up", "--data", folder.Under("worker"), "--blobs", folder.Under("blobs"), "--port", "0", "--roles", "worker", "--seed", $"127.0.0.1:{port}", "--otlp", $"{collector.Address}");

        var finished = await coordinator.ExitAsync(PassLimit);

        finished.ExitCode.ShouldBe(1, finished.Errors);
        finished.Output.ShouldContain("evil/runs-a-shell");
        await TracedFromListingToVerdictAsync(collector, "evil/runs-a-shell");
        collector.Metrics.ShouldContain("dynahug.stages");
    }

    private static async Task TracedFromListingToVerdictAsync(OtlpCollector collector, string repo)
    {
        string[] stages = ["observe", "plan", "fetch", "trace", "verdict"];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        IReadOnlyList<OtlpSpan> trace;
        do
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            var first = collector.Spans.FirstOrDefault(span => span.Name == "observe" && span.Tags.GetValueOrDefault("repo") == repo);
            trace = [.. collector.Spans.Where(span => span.Trace == first?.Trace)];
        }
        while (!stages.All(stage => trace.Any(span => span.Name == stage)) && clock.Elapsed < Soon);

        trace.Select(span => span.Name).ShouldBe(stages, ignoreOrder: true);
        var root = trace.Single(span => span.Name == "observe");
        root.Parent.ShouldBeEmpty();
        trace.Where(span => span != root).ShouldAllBe(span => span.Parent == root.Id);
        trace.Where(span => span.Instance != root.Instance).Select(span => span.Name).ShouldBe(["trace"], "the worker is another process");
    }

    [Fact]
    public async Task A_data_folder_belongs_to_one_process()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Under("hub"));
        await using var hub = Dynahug.Start("hub", "serve", folder.Under("hub"), "--port", "0");
        var address = (await hub.PrintsAsync(@"hub at (http://\S+)", Soon)).Groups[1].Value;
        await using var first = Dynahug.Start("up", "--hub", address, "--data", folder.Under("data"), "--port", "0");
        var dashboard = new Uri((await first.PrintsAsync(@"dashboard\s+(http://\S+)", Soon)).Groups[1].Value);

        var second = await Dynahug.RunAsync("up", "--hub", address, "--data", folder.Under("data"), "--port", "0");
        var third = await Dynahug.RunAsync("up", "--hub", address, "--data", folder.Under("other"), "--port", $"{dashboard.Port}");

        second.ExitCode.ShouldBe(2);
        second.Errors.ShouldContain("--data");
        third.ExitCode.ShouldBe(2);
        third.Errors.ShouldContain("--port");
    }

    /// <summary>A scan with the pass's data folder needs no starter profiles, and leaves no file unsaid.</summary>
    private static async Task ScansByTheProfilesOfThePassAsync(TempFolder folder)
    {
        File.WriteAllBytes(folder.Under("hub", "cut.bin"), [.. "PK\u0003\u0004 this is no archive"u8]);
        File.WriteAllBytes(folder.Under("hub", "model.h5"), [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a, .. new byte[64]]);

        var finished = await Dynahug.RunAsync("scan", folder.Under("hub"), "--data", folder.Under("data"), "--task", SmallHub.Tag, "--format", "json");

        finished.ExitCode.ShouldBe(1, finished.Errors);
        finished.Errors.ShouldNotContain("starter");
        using var records = JsonDocument.Parse(finished.Output);
        var byPath = records.RootElement.EnumerateArray().ToDictionary(record => record.GetProperty("path").GetString()!);
        byPath["benign/model-00/pytorch_model.bin"].GetProperty("label").GetString().ShouldBe("benign");
        byPath["cut.bin"].GetProperty("label").GetString().ShouldBe("unknown");
        byPath["model.h5"].GetProperty("outcome").GetString().ShouldBe("unsupported");
        var evil = byPath["evil/runs-a-shell/pytorch_model.bin"];
        evil.GetProperty("label").GetString().ShouldBe("malicious");
        evil.GetProperty("indicators").GetArrayLength().ShouldBeGreaterThan(0);
        evil.GetProperty("reasons").GetArrayLength().ShouldBeGreaterThan(0);
    }

    private static async Task<IReadOnlyList<string>> FlaggedAsync(HttpClient client)
    {
        using var flagged = await client.GetFromJsonAsync<JsonDocument>("api/flagged", TestContext.Current.CancellationToken);
        return [.. flagged!.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("repo").GetString()!)];
    }

    private static async Task AnalysedAsync(string journal, int atLeast)
    {
        using var limit = new CancellationTokenSource(PassLimit);
        while (AnalysedArtifacts(journal).Count < atLeast)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    /// <summary>Artifact entity → how often the journal says that it was analysed.</summary>
    private static Dictionary<string, long> AnalysedArtifacts(string journal)
    {
        if (!File.Exists(journal))
        {
            return [];
        }

        using var connection = new SqliteConnection($"Data Source={journal};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT persistence_id, COUNT(*) FROM journal WHERE manifest = 'artifact.analysed/1' GROUP BY persistence_id";
        try
        {
            using var rows = command.ExecuteReader();
            var found = new Dictionary<string, long>();
            while (rows.Read())
            {
                found[rows.GetString(0)] = rows.GetInt64(1);
            }

            return found;
        }
        catch (SqliteException)
        {
            return [];
        }
    }
}

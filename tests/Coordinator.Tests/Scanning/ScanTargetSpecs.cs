using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Scanning;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Tests.Scanning;

/// <summary>What a scan finds in folders of others, and how it ends.</summary>
public sealed class ScanTargetSpecs : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-targets-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cache_of_the_hub_s_client_is_read_by_repo_and_commit_and_each_content_once()
    {
        var repo = Directory.CreateDirectory(Path.Combine(folder, "models--acme--demo"));
        var content = Path.Combine(repo.CreateSubdirectory("blobs").FullName, "aaaa");
        await File.WriteAllBytesAsync(content, [0x80, 2, (byte)'N', (byte)'.'], Cancel);
        var snapshot = repo.CreateSubdirectory($"snapshots/{Commit}");
        File.CreateSymbolicLink(Path.Combine(snapshot.FullName, "model.pkl"), content);

        foreach (var named in new[] { folder, repo.FullName })
        {
            var item = (await ExpandAsync(named)).ShouldHaveSingleItem();
            (item.Target, item.Path).ShouldBe(($"acme/demo@{Commit}", "model.pkl"));
        }
    }

    [Fact]
    public async Task A_pointer_of_git_lfs_is_not_taken_for_the_model()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "model.bin"), "version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 12\n", Cancel);

        var item = (await ExpandAsync(folder)).ShouldHaveSingleItem();

        item.File.ShouldBeNull();
        item.WithoutBytes!.Reason.ShouldContain("git lfs pull");
        ScanCommand.ExitCodeOf([Scanner.WithoutBytes(item, item.WithoutBytes)]).ShouldBe(ExitCode.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_repo_of_the_hub_is_read_in_part_unless_all_of_it_is_wanted(bool sparse)
    {
        var header = """{"a":{"dtype":"U8","shape":[5000000],"data_offsets":[0,5000000]}}"""u8.ToArray();
        byte[] model = [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[5_000_000]];
        Directory.CreateDirectory(Path.Combine(folder, "hub", "acme", "demo"));
        await File.WriteAllBytesAsync(Path.Combine(folder, "hub", "acme", "demo", "model.safetensors"), model, Cancel);
        await using var hub = await LocalHubServer.StartAsync(new LocalHubOptions { Folder = Path.Combine(folder, "hub") }, NullLoggerFactory.Instance, TimeProvider.System, Cancel);
        var blobs = new BlobFolder(Path.Combine(folder, "blobs"));
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<BlobStore>(blobs)
            .AddHub(new HubOptions { Endpoint = hub.HubUrl, Sparse = sparse }).BuildServiceProvider();

        var item = (await new Targets(services.GetRequiredService<HubClient>, services.GetRequiredService<Fetcher>, blobs, new StaticOptions(), "not-clustered").ExpandAsync("acme/demo", Cancel)).ShouldHaveSingleItem();

        new FileInfo(item.File!).Length.ShouldBe(model.Length);
        (await blobs.ContainsAsync(Sha256.OfBytes(model), Cancel)).ShouldBe(!sparse);
        item.Sparse?.Declared.ShouldBe(Sha256.OfBytes(model));
        (item.Sparse?.Reading.BytesRead ?? model.Length).ShouldBeLessThan(sparse ? 200_000 : model.Length + 1);
        var analysis = Story.BenignLoad("any") with { Sparse = item.Sparse?.Reading };
        ScanRecord.Of("acme/demo", item.Path, analysis, Story.Judged(analysis, Label.Benign)).Reasons.Any(reason => reason.StartsWith("read in part: ", StringComparison.Ordinal)).ShouldBe(sparse);
    }

    [Theory]
    [InlineData(UnknownModels.Report, ExitCode.NothingAnalysed)]
    [InlineData(UnknownModels.Deny, ExitCode.Flagged)]
    [InlineData(UnknownModels.Allow, ExitCode.Clean)]
    internal void What_is_unknown_ends_as_the_policy_says(UnknownModels unknown, int code)
    {
        var gated = ArtifactAnalysis.WithoutBytes(Outcome.Gated, "needs consent");

        ScanCommand.ExitCodeOf([ScanRecord.Of("acme/demo", "a.bin", gated, Story.Judged(gated, Label.Unknown))], unknown: unknown).ShouldBe(code);
    }

    [Fact]
    public void What_is_exempt_keeps_its_label_is_suppressed_in_sarif_and_fails_nothing()
    {
        var analysis = Story.Loaded("bad", [new Indicator("shell-started", "id")]);
        var record = ScanRecord.Of("models", "a.bin", analysis, Story.Judged(analysis, Label.Malicious, "p1"), exempt: "known tool");

        record.Label.ShouldBe(Label.Malicious);
        ScanCommand.ExitCodeOf([record]).ShouldBe(ExitCode.Clean);
        ScanCommand.ExitCodeOf([record with { Exempt = null }]).ShouldBe(ExitCode.Flagged);
        Sarif.Of([record])["runs"]![0]!["results"]![0]!["suppressions"]![0]!["justification"]!.GetValue<string>().ShouldBe("known tool");
    }

    [Fact]
    public void A_table_goes_to_the_file_that_is_named()
    {
        var analysis = Story.Loaded("bad", [new Indicator("shell-started", "id")]);
        using var file = new StringWriter();

        ScanTable.Print([ScanRecord.Of("models", "a.bin", analysis, Story.Judged(analysis, Label.Malicious, "p1"))], file);

        file.ToString().ShouldContain("a.bin");
        file.ToString().ShouldContain("1 malicious");
        file.ToString().ShouldNotContain('\u001b');
    }

    [Fact]
    public async Task A_shell_is_told_what_could_come_next()
    {
        using var output = new StringWriter();
        var former = Console.Out;
        Console.SetOut(output);
        try
        {
            await CommandLine.RunAsync(["[suggest:17]", "dynahug report re"]);
        }
        finally
        {
            Console.SetOut(former);
        }

        output.ToString().ShouldContain("render");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Task<IReadOnlyList<ScanItem>> ExpandAsync(string target) => new Targets(
        () => throw new InvalidOperationException("no hub is asked"),
        () => throw new InvalidOperationException("nothing is fetched"),
        new BlobFolder(Path.Combine(folder, "blobs")),
        new StaticOptions(),
        "not-clustered").ExpandAsync(target, Cancel);
}

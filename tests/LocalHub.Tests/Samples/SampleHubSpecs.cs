using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DynaHug.LocalHub.Tests.Samples;

[Trait("kind", "python")]
public sealed class SampleHubSpecs(SampleHubFixture hub) : IClassFixture<SampleHubFixture>
{
    private const int TrainingRepos = 60;
    private const long MostBytes = 400_000_000;

    [Fact]
    public void Two_runs_of_one_seed_write_the_same_bytes()
    {
        RequirePython();

        HashesOf(hub.First).ShouldBe(HashesOf(hub.Second));
    }

    [Fact]
    public void Both_pipeline_tags_have_enough_benign_repos_and_techniques()
    {
        RequirePython();

        var tasks = hub.Samples.GroupBy(sample => sample.Task).ToList();
        tasks.Select(task => task.Key).ShouldBe(["text-generation", "text-classification"], ignoreOrder: true);
        foreach (var task in tasks)
        {
            task.Count(sample => sample.Technique is null).ShouldBeGreaterThanOrEqualTo(80);
        }

        var malicious = hub.Samples.Where(sample => sample.Technique is not null).ToList();
        malicious.Count.ShouldBeGreaterThanOrEqualTo(24);
        malicious.Count(sample => sample.Runs).ShouldBeGreaterThanOrEqualTo(20);
    }

    [Fact]
    public async Task Every_technique_that_is_listed_is_in_the_hub()
    {
        RequirePython();

        var (exitCode, output, _) = await SampleWriter.RunAsync("make_sample.py", "--list");

        exitCode.ShouldBe(0);
        var listed = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).ToList();
        listed.Count.ShouldBeGreaterThanOrEqualTo(12);
        hub.Samples.Select(sample => sample.Technique).OfType<string>().Distinct().ShouldBe(listed, ignoreOrder: true);
    }

    [Fact]
    public void The_most_liked_repos_hold_every_kind_several_times_and_a_few_attackers()
    {
        RequirePython();

        string[] others = ["malicious", "copy", "gated", "corrupt", "gguf", "hdf5", "no-files"];
        foreach (var task in hub.Samples.GroupBy(sample => sample.Task))
        {
            var training = task.OrderByDescending(sample => sample.Likes).Take(TrainingRepos).ToList();
            foreach (var kind in task.Select(sample => sample.Kind).Distinct().Except(others))
            {
                training.Count(sample => sample.Kind == kind).ShouldBeGreaterThan(1, $"{kind} of {task.Key}");
                task.Count(sample => sample.Kind == kind).ShouldBeGreaterThan(training.Count(sample => sample.Kind == kind), $"{kind} of {task.Key}");
            }

            training.Count(sample => sample.Technique is not null).ShouldBeInRange(1, 5);
        }
    }

    [Fact]
    public void Every_repo_says_what_the_hub_says_of_it()
    {
        RequirePython();

        foreach (var sample in hub.Samples)
        {
            using var facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(hub.First, sample.Repo, ".hub.json")));
            var root = facts.RootElement;
            root.GetProperty("pipelineTag").GetString().ShouldBe(sample.Task);
            root.GetProperty("likes").GetInt32().ShouldBe(sample.Likes);
            root.GetProperty("downloads").GetInt32().ShouldBeGreaterThan(0);
            root.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldContain(sample.Task);
            root.GetProperty("private").GetBoolean().ShouldBeFalse();
            root.GetProperty("lastModified").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(root.GetProperty("createdAt").GetDateTimeOffset());
            (root.GetProperty("gated").ValueKind == JsonValueKind.String).ShouldBe(sample.Kind == "gated");
        }
    }

    [Fact]
    public void No_file_names_a_folder_of_the_machine_that_wrote_it_and_the_whole_stays_small()
    {
        RequirePython();

        var here = Encoding.UTF8.GetBytes(AppContext.BaseDirectory);
        var total = 0L;
        foreach (var file in Directory.EnumerateFiles(hub.First, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            total += bytes.Length;
            bytes.AsSpan().IndexOf(here).ShouldBe(-1, file);
        }

        total.ShouldBeLessThan(MostBytes);
    }

    [Fact]
    public async Task Benign_only_leaves_the_attackers_out()
    {
        RequirePython();
        var folder = Path.Combine(hub.First, "..", "benign");

        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample_hub.py", "--out", folder, "--seed", "2", "--benign-only");

        exitCode.ShouldBe(0, errors);
        var samples = SampleHubFixture.SamplesOf(folder);
        samples.Count.ShouldBe(hub.Samples.Count(sample => sample.Technique is null));
        samples.ShouldAllBe(sample => sample.Technique == null && !sample.Runs);
    }

    [Fact]
    public async Task A_folder_that_holds_something_is_left_alone()
    {
        RequirePython();

        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample_hub.py", "--out", hub.First, "--seed", "1");

        exitCode.ShouldBe(2);
        errors.ShouldContain("is not empty");
    }

    private static void RequirePython() => Assert.SkipUnless(SampleWriter.Missing is null, SampleWriter.Missing ?? "");

    private static Dictionary<string, string> HashesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
}

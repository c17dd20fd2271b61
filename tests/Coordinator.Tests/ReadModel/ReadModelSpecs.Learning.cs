using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using static DynaHug.Coordinator.Tests.ReadModel.Story;

namespace DynaHug.Coordinator.Tests.ReadModel;

/// <summary>What fits, rescoring and profiles ask for.</summary>
public abstract partial class ReadModelSpecs
{
    [Fact]
    public async Task Training_takes_the_most_liked_without_bad_ones_and_few_of_each_author()
    {
        using var readModel = await MakeAsync();
        var dangerous = new StaticFinding("dangerous-global", Severity.Dangerous, "posix.system");
        var story = new Story()
            .Repo("evil/ran", Loaded("ran", [Started]), Label.Malicious, likes: 1000)
            .Repo("evil/wrote", Loaded("wrote", [], [dangerous]), Label.Suspicious, likes: 900)
            .Repo("evil/hub", BenignLoad("hub"), Label.Benign, "p1", likes: 800, hubScan: "unsafe")
            .Repo("odd/outlier", BenignLoad("outlier"), Label.Suspicious, "p1", likes: 700, hubScan: "safe")
            .Repo("other/tag", BenignLoad("tag"), Label.Benign, "p1", tag: "text-classification", likes: 650)
            .Repo("twin/copy", BenignLoad("outlier"), Label.Benign, "p1", likes: 600);
        for (var number = 0; number < 5; number++)
        {
            story.Repo($"busy/model-{number}", BenignLoad($"busy {number}"), Label.Benign, "p1", likes: 500 - number);
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);

        var chosen = await readModel.Queries.TrainingSetAsync("text-generation", "env-1", 6, 3, Cancel);
        chosen.Loads.Select(load => load.Id).ShouldBe([Hash("outlier").Hex, Hash("busy 0").Hex, Hash("busy 1").Hex, Hash("busy 2").Hex]);
        chosen.Loads.ShouldAllBe(load => load.Counts[257] == 31 && load.Format == FileFormat.TorchZip && load.Structure.Storages == 2 && load.Environment == "env-1");
        chosen.LeftOut.Values.ShouldBe([1, 3, 2]);
        (await readModel.Queries.TrainingSetAsync(TaskCluster.NotClustered, "env-1", 100, 3, Cancel)).Loads.Select(load => load.Id).ShouldContain(Hash("tag").Hex);
        (await readModel.Queries.TrainingSetAsync("text-generation", "env-2", 100, 3, Cancel)).Loads.ShouldBeEmpty();
        (await readModel.Queries.CountScorableAsync("text-generation", "env-1", Cancel)).ShouldBe(10);
        (await readModel.Queries.CountScorableAsync(TaskCluster.NotClustered, "env-1", Cancel)).ShouldBe(10);
        (await readModel.Queries.CountOpenAmongTopAsync("text-generation", 5, Cancel)).ShouldBe(0);
        await story.Observed("acme/new", likes: 5000).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.CountOpenAmongTopAsync("text-generation", 5, Cancel)).ShouldBe(1);
        (await readModel.Queries.CountOpenAmongTopAsync("text-classification", 5, Cancel)).ShouldBe(0);
        (await readModel.Queries.CountOpenAmongTopAsync(TaskCluster.NotClustered, 5, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Rescoring_finds_each_repo_that_another_profile_or_none_has_judged_and_comes_to_an_end()
    {
        using var readModel = await MakeAsync();
        var story = new Story();
        for (var number = 0; number < 7; number++)
        {
            story.Repo($"acme/m{number}", BenignLoad($"m{number}"), Label.Benign, new[] { null, "a", "m", "z" }[number % 4]);
        }

        var timedOut = ArtifactAnalysis.WithoutBytes(Outcome.TooLarge, "over the limit");
        story.Repo("acme/large", timedOut, Label.Unknown);
        await story.ApplyToAsync(readModel.Writer, Cancel);

        var candidates = await readModel.Queries.RescoreCandidatesAsync("text-generation", "env-1", "m", 2, Cancel).ToListAsync(Cancel);
        candidates.Select(candidate => candidate.Repo.Value).Order().ShouldBe(["acme/m0", "acme/m1", "acme/m3", "acme/m4", "acme/m5"]);
        candidates[0].Files.Single().Analysis.Artifact.ShouldNotBeNull();
        candidates[0].Files.Single().Path.ShouldBe("pytorch_model.bin");

        foreach (var candidate in candidates)
        {
            candidate.Files[0].Known.ShouldBeNull();
            story.Rescored(candidate.Repo.Value, candidate.Files[0].Analysis, Label.Benign, "m");
        }

        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.RescoreCandidatesAsync("text-generation", "env-1", "m", 2, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        var back = await readModel.Queries.RescoreCandidatesAsync("text-generation", "env-1", "z", 2, Cancel).ToListAsync(Cancel);
        back.Where(candidate => candidate.Files[0].Known is not null).Select(candidate => candidate.Repo.Value).ShouldBe(["acme/m3"]);
    }

    [Fact]
    public async Task Profiles_follow_activation_and_the_way_back()
    {
        using var readModel = await MakeAsync();
        var first = new ProfileDescription(Hash("first"), "text-generation", "env-1", "one-class-svm", 60, 0.01, 0.99);
        var second = first with { Blob = Hash("second"), TrainingLoads = 90 };
        var story = new Story()
            .Tell(new ProfileEvents.ProfileFitted(first, 1, Start)).Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 1, first.Blob, Start))
            .Tell(new ProfileEvents.ProfileFitted(second, 2, Start)).Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 2, second.Blob, Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ActiveProfilesAsync(Cancel)).Single().Blob.ShouldBe(second.Blob);
        (await readModel.Queries.ProfilesAsync(Cancel)).Select(profile => profile.Version).ShouldBe([2, 1]);

        await story.Tell(new ProfileEvents.ProfileActivated("text-generation", "env-1", 1, first.Blob, Start)).ApplyToAsync(readModel.Writer, Cancel);
        (await readModel.Queries.ActiveProfilesAsync(Cancel)).Single().Blob.ShouldBe(first.Blob);
    }
}

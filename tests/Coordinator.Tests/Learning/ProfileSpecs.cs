using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Tests.Learning;

public sealed class ProfileSpecs
{
    private static readonly IReadOnlyList<Load> Training = Loads.Benign(60);
    private static readonly Profile Fitted = Fit(Training);

    public static TheoryData<string> DetectorNames => [.. DetectorCatalogue.All.Select(detector => detector.Name)];

    [Fact]
    public void The_same_loads_in_any_order_give_the_same_file()
    {
        var shuffled = Training.ToArray();
        new Random(5).Shuffle(shuffled);

        Fit(shuffled).Blob.ShouldBe(Fitted.Blob);
    }

    [Fact]
    public void Raises_few_false_alarms_on_loads_it_has_not_seen()
    {
        Fitted.Validation.FalseAlarmRate.ShouldBe(0);
        Loads.Benign(200, seed: 2).Count(load => Fitted.Score(load).Outlier).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(200_000)]
    public void A_size_never_seen_is_no_outlier(int storages) =>
        Fitted.Score(Loads.Sized("sized", storages, FileFormat.TorchZip)).Outlier.ShouldBeFalse();

    [Theory]
    [InlineData("openat")]
    [InlineData("socket")]
    [InlineData("execve")]
    [InlineData("clone")]
    [InlineData("cachestat")]
    [InlineData("lseek")]
    public void One_call_more_is_found_and_named(string call)
    {
        var decision = Fitted.Score(Loads.Sized("changed", 30, FileFormat.TorchZip).With(call));

        decision.Outlier.ShouldBeTrue();
        decision.Score.ShouldBe(1);
        decision.Contributions[0].Feature.ShouldBe(call == "cachestat" ? "other" : call);
        decision.Contributions[0].Observed.ShouldBe(decision.Contributions[0].Usual + 1);
        decision.Contributions.Sum(part => part.Weight).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_format_never_seen_is_judged_by_calls_that_no_benign_load_makes()
    {
        var load = Loads.Sized("joblib", 40, FileFormat.TorchZip) with { Format = FileFormat.Joblib };

        Fitted.Score(load.With("openat", 9)).Outlier.ShouldBeFalse();
        Fitted.Score(load.With("socket")).Outlier.ShouldBeTrue();
    }

    [Fact]
    public void An_ordinary_load_scores_low_and_explains_nothing()
    {
        var decision = Fitted.Score(Training[7]);

        decision.Score.ShouldBeLessThan(1);
        decision.Contributions.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(DetectorNames))]
    public void Decides_the_same_after_saving_and_loading(string detector)
    {
        var profile = ProfileFitter.Fit("text-generation", "environment", Training, [DetectorCatalogue.Find(detector)], new FitOptions(), TestContext.Current.CancellationToken);

        var read = Profile.Load(new MemoryStream(Bytes(profile)));

        read.Id.ShouldBe(profile.Id);
        read.Training.ShouldBe(Training.Select(load => load.Id));
        (read.TaskCluster, read.Environment, read.Detector).ShouldBe(("text-generation", "environment", detector));
        (read.Validation.FalseAlarmRate, read.Validation.Recall).ShouldBe((profile.Validation.FalseAlarmRate, profile.Validation.Recall));
        read.Hyperparameters.ShouldBe(profile.Hyperparameters);
        read.Manifest!.Formats.ShouldBe(profile.Manifest!.Formats);
        foreach (var load in Loads.Benign(20, seed: 4).Append(Training[0].With("socket")))
        {
            var (before, after) = (profile.Score(load), read.Score(load));
            (after.Value, after.Score, after.Outlier).ShouldBe((before.Value, before.Score, before.Outlier));
            after.Contributions.ShouldBe(before.Contributions);
        }
    }

    [Fact]
    public void Refuses_loads_it_cannot_learn_from()
    {
        Should.Throw<ArgumentException>(() => Fit([.. Training.Take(3)])).Message.ShouldContain("3 loads");
        Should.Throw<ArgumentException>(() => Fit([.. Training, Training[0]])).Message.ShouldContain("2 times");
        Should.Throw<ArgumentException>(() => Fit([.. Training, Training[0] with { Id = "empty", Counts = new Dictionary<int, long>() }])).Message.ShouldContain("empty");
        Should.Throw<ArgumentException>(() => Fit([])).Message.ShouldContain("0 loads");
        Should.Throw<ArgumentException>(() => Fit([.. Training, Training[0] with { Id = "foreign", Environment = "elsewhere" }])).Message.ShouldContain("foreign was traced in elsewhere");
        Should.Throw<ArgumentException>(() => ProfileFitter.Fit(
            "text-generation", "environment", Training, [new PaperDetector(FeatureSchemas.Hybrid, new OneClassSvmOptions(), Scalings.Quartiles)], new FitOptions(), CancellationToken.None))
            .Message.ShouldContain("lacks facts");
    }

    [Fact]
    public void Refuses_to_score_what_it_cannot_compare()
    {
        Should.Throw<ArgumentException>(() => Fitted.Score(Training[0] with { Environment = "elsewhere" })).Message.ShouldContain("two environments");
        Should.Throw<ArgumentException>(() => Fitted.Score(Training[0] with { Counts = new Dictionary<int, long>() })).Message.ShouldContain("no counts");
        Fitted.Score(Training[0] with { Environment = "environment" }).Outlier.ShouldBeFalse();
    }

    /// <summary>What newfstatat did in the live study: constant in most formats, and varying in the one that looks up the sources of its classes.</summary>
    [Theory]
    [InlineData(FileFormat.TorchZip, true)]
    [InlineData(FileFormat.TorchLegacy, false)]
    public void What_one_format_makes_vary_does_not_excuse_a_count_never_seen_in_another(string format, bool found)
    {
        IReadOnlyList<Load> loads = [.. Training.Select((load, place) => load.Format == FileFormat.TorchLegacy ? load.With("newfstatat", place * 7) : load)];
        var profile = Fit(loads);
        var load = loads.First(load => load.Format == format);

        profile.Score(load).Outlier.ShouldBeFalse();
        profile.Score(load.With("newfstatat")).Outlier.ShouldBe(found);
    }

    [Fact]
    public void A_format_of_few_loads_is_judged_with_the_help_of_the_others()
    {
        var few = Loads.Benign(3, seed: 6).Select(load => load with { Format = FileFormat.Joblib }).ToList();
        var profile = Fit([.. Training, .. few]);

        few.ShouldAllBe(load => !profile.Score(load).Outlier);
        profile.Score(few[0].With("openat")).Outlier.ShouldBeTrue();
    }

    [Fact]
    public void Says_how_it_was_chosen()
    {
        Fitted.Hyperparameters.Keys.ShouldBe(["nu", "gamma", "laws", "formats", "knownCounts"], ignoreOrder: true);
        Fitted.Validation.Candidates!.Count.ShouldBe(DetectorCatalogue.Default.Count);
        Fitted.Validation.Candidates.ShouldContain(tried => tried.Hyperparameters["nu"] == Fitted.Hyperparameters["nu"] && tried.FalseAlarmRate == Fitted.Validation.FalseAlarmRate);
        Fitted.Manifest!.Formats.Values.Sum().ShouldBe(Training.Count);
    }

    [Fact]
    public void Says_how_likely_a_benign_load_looks_so()
    {
        Fitted.Score(Training[0].With("socket")).PValue.ShouldBe(1.0 / (Training.Count + 1));
        Training.Max(load => Fitted.Score(load).PValue!.Value).ShouldBeGreaterThan(0.5);
    }

    private static Profile Fit(IReadOnlyList<Load> loads) => ProfileFitter.Fit("text-generation", "environment", loads, new FitOptions(), CancellationToken.None);

    private static byte[] Bytes(Profile profile)
    {
        using var file = new MemoryStream();
        profile.Save(file);
        return file.ToArray();
    }
}

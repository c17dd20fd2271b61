using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>The default recipe on loads of our own sandbox: few, of many formats and sizes.</summary>
public sealed class SandboxLoadsSpecs
{
    private static readonly Profile Fitted = Fit(RecordedLoads.Benign);

    /// <summary>The two are the only pickled modules in torch's legacy format, which look up their classes' sources: nothing like them is in the other folds.</summary>
    [Fact]
    public void Out_of_fold_only_loads_alone_of_their_kind_are_false_alarms()
    {
        RecordedLoads.Benign.Count.ShouldBe(155);
        (Fitted.Validation.FalseAlarmRate * 155).ShouldBeLessThanOrEqualTo(2 + 1e-9);
        Fitted.Validation.Recall.ShouldBeGreaterThan(0.97);
    }

    [Fact]
    public void The_published_recipe_is_far_from_it() =>
        CrossValidation.Run(new PaperDetector(), RecordedLoads.Benign, [], new FitOptions(), TestContext.Current.CancellationToken).FalseAlarmRate.ShouldBeGreaterThan(0.05);

    [Fact]
    public void None_of_the_loads_it_was_fitted_on_is_an_outlier() =>
        RecordedLoads.Benign.ShouldAllBe(load => !Fitted.Score(load).Outlier);

    [Fact]
    public void Forty_loads_of_the_smaller_files_judge_the_bigger_ones()
    {
        var bySize = RecordedLoads.Benign.OrderBy(load => load.Structure.Bytes).ToList();
        var smaller = bySize.Take(bySize.Count / 2).ToList();
        var profile = Fit([.. smaller.Where((_, place) => place % 2 == 0).Take(40)]);

        var falseAlarms = bySize.Skip(bySize.Count / 2).Count(load => profile.Score(load).Outlier);

        falseAlarms.ShouldBeLessThanOrEqualTo(2);
    }

    /// <summary>
    /// What is missed shows in no count that is judged: patched objects, single file accesses, one mapping of executable memory, for which
    /// there are indicators and static findings.
    /// </summary>
    [Fact]
    public void Finds_most_malicious_loads_by_counts_alone() =>
        RecordedLoads.Malicious.Count(load => Fitted.Score(load).Outlier).ShouldBeGreaterThanOrEqualTo(24);

    private static Profile Fit(IReadOnlyList<Load> loads) => ProfileFitter.Fit("not-clustered", "sandbox", loads, new FitOptions(), CancellationToken.None);
}

using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>What files with a payload are for: validation, and nothing else.</summary>
public sealed class InjectedValidationSpecs
{
    private static readonly IReadOnlyList<Load> Training = Loads.Benign(60);

    [Fact]
    public void Loads_of_files_with_a_payload_count_for_recall_and_are_not_learned_from()
    {
        InjectedLoad[] hidden = [.. Training.Take(30).Select(host => new InjectedLoad(new InjectedFile(host.Id + "+", host.Id, "nothing before"), host with { Id = host.Id + "+" }))];

        var profile = ProfileFitter.Fit(
            "text-generation", "environment", Training, DetectorCatalogue.Default, new FitOptions(), TestContext.Current.CancellationToken, TrainingManifest.Of("all", Training, new Dictionary<string, int>(), hidden), hidden);

        var without = ProfileFitter.Fit("text-generation", "environment", Training, new FitOptions(), TestContext.Current.CancellationToken);
        without.Validation.Recall.ShouldBe(1);
        profile.Validation.Recall.ShouldBe(60.0 / 90, 1e-9);
        profile.Training.ShouldBe(without.Training);
        profile.Manifest!.Injected!.Count.ShouldBe(30);
    }
}

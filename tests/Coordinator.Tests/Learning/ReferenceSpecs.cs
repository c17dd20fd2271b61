using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.References;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>Formats that a training set lacks are learned from our own files.</summary>
public sealed class ReferenceSpecs
{
    private static readonly IReadOnlyList<Load> Training = Loads.Benign(60);
    private static readonly Lazy<Profile> Without = new(() => Fit(null));
    private static readonly Lazy<Profile> With = new(() => Fit(References));
    private static readonly IReadOnlyList<Load> References = [.. Enumerable.Range(1, 12).Select(place => OfAnotherFormat($"reference-{place}", 7 * place))];

    [Fact]
    public async Task Each_file_is_in_the_format_that_it_stands_for_and_there_are_enough_of_each()
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-references-");
        try
        {
            foreach (var reference in ReferenceFiles.All)
            {
                var path = Path.Combine(folder.FullName, reference.Artifact.Hex);
                await File.WriteAllBytesAsync(path, reference.Bytes, TestContext.Current.CancellationToken);
                var read = StaticReader.Read(path, reference.Name, new StaticOptions(), TestContext.Current.CancellationToken);

                read.Format.ShouldBe(reference.Format, reference.Name);
                read.Outcome.ShouldBeNull($"{reference.Format} {reference.Name} need not be loaded: {read.Reason}");
                read.Findings.ShouldAllBe(finding => finding.Severity < Severity.Dangerous, $"{reference.Format} {reference.Name}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        ReferenceFiles.All.Select(reference => reference.Artifact).ShouldBeUnique();
        ReferenceFiles.All.ShouldAllBe(reference => reference.Artifact == Sha256.OfBytes(reference.Bytes));
        ReferenceFiles.All.CountBy(reference => reference.Format).ShouldAllBe(format => format.Value >= CallModel.LoadsForFormat);
    }

    [Fact]
    public void A_format_is_missing_until_a_training_set_has_loads_enough_to_judge_it()
    {
        ReferenceFiles.MissingIn(Training)(FileFormat.TorchZip).ShouldBeFalse();
        ReferenceFiles.MissingIn(Training)(FileFormat.Joblib).ShouldBeTrue();
        ReferenceFiles.MissingIn([.. Training, .. References.Take(CallModel.LoadsForFormat - 1)])(FileFormat.Joblib).ShouldBeTrue();
        ReferenceFiles.MissingIn([.. Training, .. References.Take(CallModel.LoadsForFormat)])(FileFormat.Joblib).ShouldBeFalse();
    }

    [Fact]
    public void A_profile_judges_by_its_calls_a_format_that_it_knows_of_references_alone()
    {
        var unseen = OfAnotherFormat("unseen", 33);

        With.Value.Value(unseen).ShouldBeGreaterThan(0);
        With.Value.Value(unseen.With("newfstatat")).ShouldBeLessThan(0);
        With.Value.Value(Training[0].With("uname").With("readlink", 2)).ShouldBeLessThan(0, "what one format does excuses nothing in another");
        Without.Value.Value(unseen).ShouldBeLessThan(0, "a call that no load of the training set makes");
    }

    [Fact]
    public void References_are_learned_from_and_counted_nowhere()
    {
        var (without, profile) = (Without.Value, With.Value);

        profile.Training.ShouldBe(without.Training);
        profile.Validation.FalseAlarmRate.ShouldBe(without.Validation.FalseAlarmRate);
        profile.Manifest!.References!.Order().ShouldBe(References.Select(load => load.Id).Order());
        profile.Manifest.Formats.Keys.ShouldNotContain(FileFormat.Joblib);
        without.Manifest!.References.ShouldBeNull();
    }

    [Fact]
    public void A_reference_that_is_in_the_training_set_anyway_is_taken_once() =>
        Fit([Training[0]]).Training.ShouldBe(Without.Value.Training);

    [Fact]
    public void A_profile_that_knows_formats_by_references_decides_the_same_when_it_was_written_and_read()
    {
        using var file = new MemoryStream();
        With.Value.Save(file);
        file.Position = 0;

        var read = Profile.Load(file);

        foreach (var load in Training.Concat(References).Concat(References.Select(reference => reference.With("newfstatat"))))
        {
            read.Value(load).ShouldBe(With.Value.Value(load));
        }
    }

    [Fact]
    public void References_of_another_environment_are_refused() =>
        Should.Throw<ArgumentException>(() => Fit([References[0] with { Environment = "another" }])).Message.ShouldContain("counts of two environments do not compare");

    /// <summary>Files of this format are mapped, and ask the kernel's name.</summary>
    private static Load OfAnotherFormat(string id, int storages) => Loads.Sized(id, storages, FileFormat.Joblib).With("uname").With("readlink", 2);

    private static Profile Fit(IReadOnlyList<Load>? references) => ProfileFitter.Fit(
        "text-generation", "environment", Training, DetectorCatalogue.Default, new FitOptions(), TestContext.Current.CancellationToken,
        TrainingManifest.Of("all", Training, new Dictionary<string, int>(), references: references), references: references);
}

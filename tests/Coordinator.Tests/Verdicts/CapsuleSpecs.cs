using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Tests.Learning;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Coordinator.Tests.Training;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Verdicts;

public sealed class CapsuleSpecs
{
    private static readonly IReadOnlyList<Load> Benign = Loads.Benign(40);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_verdict_is_packed_and_decided_again_to_the_last_bit()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        var capsule = await MakeAsync(hub);
        var file = Path.Combine(hub.Options.DataFolder, "capsule");
        await File.WriteAllBytesAsync(file, capsule.Write(), Cancel);
        using var output = new StringWriter();

        VerdictCommand.Replay(file, output).ShouldBe(0);

        var text = output.ToString();
        text.ShouldContain("label        malicious");
        text.ShouldContain("socket 1 instead of 0 (at most one benign load in 41 looks as odd)");
        text.ShouldContain("1 calls differ (here/there): socket 1/0");
        text.ShouldContain("replayed: the same decision");
    }

    [Fact]
    public async Task A_capsule_that_was_tampered_with_is_found_out()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        var capsule = await MakeAsync(hub);
        var file = Path.Combine(hub.Options.DataFolder, "capsule");
        var whitewashed = capsule with { Verdict = capsule.Verdict with { Label = Label.Benign } };
        await File.WriteAllBytesAsync(file, whitewashed.Write(), Cancel);
        using var output = new StringWriter();

        VerdictCommand.Replay(file, output).ShouldBe(2);

        output.ToString().ShouldContain("label benign / malicious");
        Should.Throw<InvalidDataException>(() => (capsule with { Profile = null }).Replay()).Message.ShouldContain("holds profile none");
        await File.WriteAllTextAsync(file, "no capsule", Cancel);
        Should.Throw<UsageException>(() => VerdictCommand.Replay(file, output));
    }

    [Fact]
    public async Task A_verdict_without_a_load_is_packed_too_and_an_unknown_name_is_said()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        var gone = ArtifactAnalysis.WithoutBytes(Outcome.TooLarge, "over the limit");
        await hub.AddAsync(Benign, Cancel);
        var maker = new CapsuleMaker(hub.Queries, new BlobFolder(hub.Options.BlobFolder));
        var id = (await hub.Queries.ReposAsync(new Coordinator.ReadModel.RepoFilter(), null, 1, Cancel)).Items[0].Repo;

        var capsule = await maker.MakeAsync(id.Value, Cancel);

        (capsule.Profile, capsule.Nearest.Count).ShouldBe((null, 0));
        Judge.FileVerdictOf(gone, null, "text-generation").Label.ShouldBe(Label.Unknown);
        (await Should.ThrowAsync<UsageException>(() => maker.MakeAsync("acme/nothing", Cancel))).Message.ShouldContain("no repo acme/nothing");
        (await Should.ThrowAsync<UsageException>(() => maker.MakeAsync(new string('0', 64), Cancel))).Message.ShouldContain("no file of a current revision");
        (await Should.ThrowAsync<UsageException>(() => maker.MakeAsync("?", Cancel))).Message.ShouldContain("is no sha256");
    }

    [Fact]
    public void A_decision_that_is_known_is_not_computed_again()
    {
        var known = new Decision(0.123, 0.4, false, [], 0.6);

        Judge.FileVerdictOf(HubInAFolder.AnalysisOf(Benign[0]), Fit(), "text-generation", known).Decision.ShouldBeSameAs(known);
    }

    [Fact]
    public void A_verdict_by_another_clusters_profile_says_so() =>
        Judge.FileVerdictOf(HubInAFolder.AnalysisOf(Benign[0]), Fit(), "fill-mask").Reasons
            .ShouldBe(["behaves as benign text-generation (there is no profile of fill-mask yet) loads do"]);

    [Fact]
    public void The_most_similar_benign_loads_share_format_and_counts()
    {
        var load = Loads.Sized("odd", 30, FileFormat.TorchZip).With("socket");

        var near = NearestLoads.Find(load, [.. Benign, Loads.Sized("twin", 30, FileFormat.TorchZip)], 2);

        near[0].Id.ShouldBe("twin");
        near[0].Differences.ShouldBe([new Contribution("socket", 1, 0, 1)]);
        near[1].Format.ShouldBe(FileFormat.TorchZip);
    }

    private static async Task<Capsule> MakeAsync(HubInAFolder hub)
    {
        await hub.AddAsync(Benign, Cancel);
        var profile = Fit();
        var blobs = new BlobFolder(hub.Options.BlobFolder);
        using var file = new MemoryStream();
        profile.Save(file);
        await blobs.PutAsync(file.ToArray(), Cancel);
        var analysis = HubInAFolder.AnalysisOf(Loads.Sized("odd", Benign[0].Structure.Storages, Benign[0].Format).With("socket"), new Indicator("network-attempt", "127.0.0.1:4444"));
        await hub.JudgeAsync("evil/model", analysis, Judge.FileVerdictOf(analysis, profile, "text-generation"), Cancel);
        return await new CapsuleMaker(hub.Queries, blobs).MakeAsync("evil/model", Cancel);
    }

    /// <summary>Ids as the store has them.</summary>
    private static Profile Fit() => ProfileFitter.Fit(
        "text-generation", Story.Environment, [.. Benign.Select(load => load with { Id = Story.Hash(load.Id).Hex })], new FitOptions(), CancellationToken.None);
}

using Akka.Actor;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Profiles;
using DynaHug.Coordinator.Tests.Learning;
using DynaHug.Coordinator.Training;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Tests.Training;

/// <summary>What the training actor does in a round, with the real journal and read model.</summary>
public sealed class TrainingSpecs
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fits_once_then_looks_at_a_count_until_there_is_more()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        await hub.AddAsync(Loads.Benign(40), Cancel);
        await using var store = await StoredProfiles.OpenAsync(hub.Options, Cancel);

        (await RoundAsync(store)).Fitted.ShouldBe(2);
        await store.UntilAsync(row => row is { Active: true, TaskCluster: TaskCluster.NotClustered }, Cancel);
        await store.UntilAsync(row => row is { Active: true, TaskCluster: HubInAFolder.Cluster }, Cancel);
        var reports = new List<string>();
        var idle = await RoundAsync(store, reports);
        (idle.Fitted, idle.Waiting.Count, idle.Held.Count).ShouldBe((0, 0, 0));
        reports.ShouldBeEmpty();

        await hub.AddAsync(HubInAFolder.OfAnotherKind(19), Cancel);
        (await RoundAsync(store)).Fitted.ShouldBe(0);
        await hub.AddAsync(Loads.Benign(1, seed: 5), Cancel);
        (await RoundAsync(store)).Fitted.ShouldBe(2);
        await store.UntilAsync(row => row.Version == 2 && row.TaskCluster == HubInAFolder.Cluster && row.Comparison is not null, Cancel);
        await store.UntilAsync(row => row.Version == 2 && row.TaskCluster == TaskCluster.NotClustered && row.Comparison is not null, Cancel);
        (await RoundAsync(store)).Held.ShouldContain(line => line.StartsWith("text-generation version 2 waits for a person: 19 of 60", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_candidate_whose_comparison_a_crash_cut_off_is_finished_in_the_next_rounds()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        await hub.AddAsync(Loads.Benign(40), Cancel);
        await using (var store = await StoredProfiles.OpenAsync(hub.Options, Cancel))
        {
            var profile = (await store.Refitter.FitNowAsync(HubInAFolder.Cluster, "env-1", _ => { }, Cancel))!;
            using var file = new MemoryStream();
            profile.Save(file);
            await store.Blobs.PutAsync(file.ToArray(), Cancel);
            var description = new ProfileDescription(profile.Blob, HubInAFolder.Cluster, "env-1", profile.Detector, profile.Training.Count, 0, 1);
            await store.Profiles.Ask<ProfileReplies.Recorded>(new ProfileCommands.Propose(description, Activate: false), TimeSpan.FromSeconds(20), Cancel);
            await store.UntilAsync(row => row.State == "candidate", Cancel);
        }

        await using var again = await StoredProfiles.OpenAsync(hub.Options, Cancel);
        (await RoundAsync(again)).Fitted.ShouldBeGreaterThan(0);

        var active = await again.UntilAsync(row => row is { Active: true, TaskCluster: HubInAFolder.Cluster }, Cancel);
        (active.Version, active.Comparison!.Traces, active.Comparison.Waiting).ShouldBe((1, 40, ""));
    }

    [Fact]
    public async Task A_cancelled_fit_ends_and_a_small_cluster_says_who_scores_it()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        await hub.AddAsync(Loads.Benign(40), Cancel);
        await using var store = await StoredProfiles.OpenAsync(hub.Options, Cancel);
        using var cancelled = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(() => store.Refitter.FitNowAsync(HubInAFolder.Cluster, "env-1", _ => cancelled.Cancel(), cancelled.Token));

        (await store.Refitter.TooSmallAsync("env-1", Cancel)).ShouldBeEmpty();
        (await store.Refitter.TooSmallAsync("env-2", Cancel)).Single().ShouldContain("text-generation has 0 loads of the 20");
    }

    [Theory]
    [InlineData(true, 100, 100, 0, "")]
    [InlineData(false, 100, 3, 0, "")]
    [InlineData(false, 100, 4, 0, "4 of 100 traces")]
    [InlineData(false, 1000, 20, 0, "")]
    [InlineData(false, 1000, 0, 1, "1 loads known to be bad")]
    public void A_candidate_scores_by_itself_when_canaries_are_caught_and_little_changes(bool first, int traces, int changed, int lost, string why)
    {
        new ActivationPolicy(new TrainingOptions()).WaitsFor(first, traces, changed, lost).ShouldStartWith(why);
        new ActivationPolicy(new TrainingOptions { ActivateBySelf = false }).WaitsFor(first, traces, 0, 0).ShouldContain("a person decides");
    }

    private static Task<FitRound> RoundAsync(StoredProfiles store, List<string>? reports = null) =>
        store.Refitter.FitWhatIsDueAsync(store.Profiles, artifacts: null, walkFinished: true, line => reports?.Add(line), Cancel);
}

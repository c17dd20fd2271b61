using System.Text.Json;
using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Coordinator.Tests.Learning;
using DynaHug.Coordinator.Training;

namespace DynaHug.Coordinator.Tests.Training;

/// <summary>The <c>profile</c> commands on a data folder that no node runs on, with the real journal and read model.</summary>
public sealed class ProfileRunnerSpecs
{
    private static readonly ProfileSelection Newest = new(HubInAFolder.Cluster, null, null);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_candidate_is_compared_waits_is_activated_and_taken_back()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        await hub.AddAsync(Loads.Benign(40), Cancel);

        (await RunAsync(hub, runner => runner.FitAsync(Newest, activate: false, Cancel))).ShouldContain("it scores now");
        (await RunAsync(hub, runner => runner.ListAsync(json: false, Cancel))).ShouldContain("active");

        await hub.AddAsync(HubInAFolder.OfAnotherKind(20), Cancel);
        var refit = await RunAsync(hub, runner => runner.FitAsync(Newest, activate: false, Cancel));
        refit.ShouldContain("version 2 of text-generation: 60 loads, newly flags 0 and clears 20 of 60 stored traces");
        refit.ShouldContain("it waits: 20 of 60 traces would be newly flagged or cleared, more than 3");
        (await RunAsync(hub, runner => runner.ListAsync(json: false, Cancel))).ShouldContain("waiting");

        var diff = await RunAsync(hub, runner => runner.DiffAsync(Newest, json: false, Cancel));
        diff.ShouldContain("cleared: author-");
        diff.ShouldContain("an ordinary load to the candidate, formerly: behaves as no benign text-generation load does");
        diff.ShouldContain("readlink 2 instead of 0");

        (await RunAsync(hub, runner => runner.ActivateAsync(Newest, Cancel))).ShouldContain("version 2 of text-generation scores now");
        (await RunAsync(hub, runner => runner.RollbackAsync(Newest, Cancel))).ShouldContain("version 1 of text-generation scores now");
        (await Should.ThrowAsync<UsageException>(() => RunAsync(hub, runner => runner.RollbackAsync(Newest, Cancel)))).Message.ShouldContain("none to go back to");
        using var list = JsonDocument.Parse(await RunAsync(hub, runner => runner.ListAsync(json: true, Cancel)));
        list.RootElement.EnumerateArray().Select(row => (row.GetProperty("profile").GetProperty("version").GetInt32(), row.GetProperty("state").GetString())).ShouldBe([(2, "former"), (1, "active")]);
    }

    [Fact]
    public async Task A_version_that_a_person_has_taken_back_does_not_come_back_by_itself()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        var anyChange = new NodeOptions { DataFolder = hub.Options.DataFolder, Training = new TrainingOptions { LargestChange = 1 } };
        var (first, second) = (Path.Combine(hub.Options.DataFolder, "first.profile"), Path.Combine(hub.Options.DataFolder, "second.profile"));
        await hub.AddAsync(Loads.Benign(40), Cancel);
        await RunAsync(anyChange, runner => runner.FitAsync(Newest, activate: false, Cancel));
        await hub.AddAsync(HubInAFolder.OfAnotherKind(20), Cancel);
        (await RunAsync(anyChange, runner => runner.FitAsync(Newest, activate: false, Cancel))).ShouldContain("it scores now");
        (await RunAsync(hub, runner => runner.ExportAsync(Newest, second, Cancel))).ShouldContain("wrote version 2");
        await RunAsync(anyChange, runner => runner.RollbackAsync(Newest, Cancel));

        var again = await RunAsync(anyChange, runner => runner.ImportAsync(second, activate: false, Cancel));

        again.ShouldContain("it waits: it scored before");
        (await hub.Queries.ProfilesAsync(Cancel)).Single(version => version.Active).Version.ShouldBe(1);
        (await RunAsync(hub, runner => runner.ExportAsync(Newest, first, Cancel))).ShouldContain("wrote version 1", customMessage: "the one that scores");
        (await RunAsync(anyChange, runner => runner.ImportAsync(second, activate: true, Cancel))).ShouldContain("version 2 of text-generation scores now");
    }

    [Fact]
    public async Task A_profile_moves_from_folder_to_folder()
    {
        using var here = await HubInAFolder.MakeAsync(Cancel);
        using var there = await HubInAFolder.MakeAsync(Cancel);
        await here.AddAsync(Loads.Benign(40), Cancel);
        await there.AddAsync(Loads.Benign(10, seed: 3), Cancel);
        var file = Path.Combine(here.Options.DataFolder, "moved.profile");
        await RunAsync(here, runner => runner.FitAsync(Newest, activate: false, Cancel));

        (await RunAsync(here, runner => runner.ExportAsync(Newest, file, Cancel))).ShouldContain("wrote version 1 of text-generation");
        (await RunAsync(there, runner => runner.ImportAsync(file, activate: false, Cancel))).ShouldContain("it scores now");

        var shown = await RunAsync(there, runner => runner.ShowAsync(Newest, json: false, Cancel));
        shown.ShouldContain("fitted");
        shown.ShouldContain("repos that the hub's scan flags 0");
        (await RunAsync(there, runner => runner.ImportAsync(file, activate: false, Cancel))).ShouldContain("version 1 of text-generation");
        (await there.Queries.ProfilesAsync(Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said()
    {
        using var hub = await HubInAFolder.MakeAsync(Cancel);
        await hub.AddAsync(Loads.Benign(10), Cancel);
        var nowhere = new ProfileRunner(new NodeOptions { DataFolder = Path.Combine(hub.Options.DataFolder, "nowhere") }, TextWriter.Null);
        await File.WriteAllTextAsync(Path.Combine(hub.Options.DataFolder, "no.profile"), "no profile", Cancel);

        (await Should.ThrowAsync<UsageException>(() => nowhere.ListAsync(json: false, Cancel))).Message.ShouldContain("no node has worked in");
        (await RunAsync(hub, runner => runner.ListAsync(json: false, Cancel))).ShouldContain("no profile yet");
        (await Should.ThrowAsync<UsageException>(() => RunAsync(hub, runner => runner.ShowAsync(Newest, json: false, Cancel)))).Message.ShouldContain("there is no profile of 'text-generation'");
        (await Should.ThrowAsync<UsageException>(() => RunAsync(hub, runner => runner.FitAsync(Newest, activate: false, Cancel)))).Message.ShouldContain("too few loads");
        (await Should.ThrowAsync<UsageException>(() => RunAsync(hub, runner => runner.ImportAsync(Path.Combine(hub.Options.DataFolder, "no.profile"), activate: false, Cancel))))
            .Message.ShouldContain("is no profile");
        var needy = Path.Combine(hub.Options.DataFolder, "needy.profile");
        await using (var file = File.Create(needy))
        {
            var loads = Loads.Benign(40).Select(load => load with { Opcodes = new Dictionary<string, int> { ["PROTO"] = 1 } }).ToList();
            ProfileFitter.Fit(HubInAFolder.Cluster, "env-1", loads, [new PaperDetector(FeatureSchemas.Hybrid, new OneClassSvmOptions(), Scalings.Quartiles)], new FitOptions(), Cancel).Save(file);
        }

        (await Should.ThrowAsync<UsageException>(() => RunAsync(hub, runner => runner.ImportAsync(needy, activate: true, Cancel)))).Message.ShouldContain("more than system call counts (Opcodes)");
        (await hub.Queries.ProfilesAsync(Cancel)).ShouldBeEmpty();
        using var node = DataFolderLock.Take(hub.Options.DataFolder);
        (await Should.ThrowAsync<UsageException>(() => RunAsync(hub, runner => runner.FitAsync(Newest, activate: false, Cancel)))).Message.ShouldContain("stop the other dynahug");
        (await RunAsync(hub, runner => runner.ListAsync(json: false, Cancel))).ShouldContain("no profile yet");
    }

    private static Task<string> RunAsync(HubInAFolder hub, Func<ProfileRunner, Task<int>> run) => RunAsync(hub.Options, run);

    private static async Task<string> RunAsync(NodeOptions options, Func<ProfileRunner, Task<int>> run)
    {
        using var output = new StringWriter();
        (await run(new ProfileRunner(options, output))).ShouldBe(0);
        return output.ToString();
    }
}

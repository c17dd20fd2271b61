using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Reviews;

/// <summary>What the read model makes of people's words.</summary>
public sealed class ReviewSpecs
{
    private const string Repo = "evil/bad";
    private static readonly Indicator Shell = new("shell-started", "/bin/sh -c id");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_word_stands_beside_the_verdict_and_goes_with_its_revision()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var story = Flagged().Tell(new ReviewEvents.Judged(RepoId.Parse(Repo), Story.CommitOf(Repo), Judgement.FalseAlarm, "our own test", "ann", Story.Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);

        var judged = (await readModel.Queries.FlaggedAsync(new RepoFilter { State = CaseState.FalseAlarm }, null, 10, Cancel)).Items.ShouldHaveSingleItem();
        judged.Label.ShouldBe(Label.Malicious, "the machine's verdict stays");
        (await readModel.Queries.CountToJudgeAsync(Cancel)).ShouldBe(0);
        (await readModel.Queries.CasesAsync(Cancel)).ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, long>(CaseState.FalseAlarm, 1));
        var remark = (await readModel.Queries.RemarksAsync(RepoId.Parse(Repo), Cancel)).ShouldHaveSingleItem();
        (remark.By, remark.Note, remark.Judgement).ShouldBe(("ann", "our own test", "false-alarm"));

        story.Observed(Repo, revision: 2);
        Flag(story, Repo, revision: 2);
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await readModel.Queries.FlaggedAsync(new RepoFilter { State = CaseState.New }, null, 10, Cancel)).Items.ShouldHaveSingleItem().Repo.Value.ShouldBe(Repo);
    }

    [Fact]
    public async Task A_content_is_suppressed_wherever_it_lies_and_only_for_the_signs_named()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        var story = Flagged();
        foreach (var sign in new[] { "shell-started", FlagSigns.Unusual })
        {
            story.Tell(new ReviewEvents.Suppressed(RepoId.Parse(Repo), Story.Hash("bad"), sign, "", "ann", Story.Start));
        }

        story.Repo("other/copy", Story.Loaded("bad", [Shell]), Label.Malicious, "p1", reason: "started a shell");
        story.Repo("other/worse", Story.Loaded("bad", [Shell, new Indicator("network-attempt", "127.0.0.1:9")]), Label.Malicious, "p1", reason: "started a shell");
        story.Repo("other/file", Story.Loaded("another content", [Shell]), Label.Malicious, "p1", reason: "started a shell");
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await IdsAsync(readModel, CaseState.Suppressed)).ShouldBe(["evil/bad", "other/copy"], ignoreOrder: true);
        (await IdsAsync(readModel, CaseState.New)).ShouldBe(["other/file", "other/worse"], ignoreOrder: true);

        story.Tell(new ReviewEvents.Lifted(RepoId.Parse(Repo), Story.Hash("bad"), FlagSigns.Unusual, "bob", Story.Start));
        await story.ApplyToAsync(readModel.Writer, Cancel);

        (await IdsAsync(readModel, CaseState.Suppressed)).ShouldBeEmpty();
        (await readModel.Queries.SuppressionsAsync(RepoId.Parse("other/copy"), Cancel)).ShouldHaveSingleItem().Sign.ShouldBe("shell-started");
    }

    [Fact]
    public async Task Flags_are_grouped_by_payload_and_by_author()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await Flagged()
            .Repo("evil/twin", Story.Loaded("other wrapping", [Shell]), Label.Malicious, "p1", reason: "started a shell")
            .Repo("alone/one", Story.Loaded("third", [new Indicator("network-attempt", "127.0.0.1:9")]), Label.Malicious, "p1", reason: "tried the network")
            .ApplyToAsync(readModel.Writer, Cancel);

        var payloads = await readModel.Queries.FlagGroupsAsync(new RepoFilter(), byAuthor: false, null, 10, Cancel);
        payloads.Items.Select(group => (group.Key, group.Repos)).ShouldBe([("network-attempt: 127.0.0.1:9", 1), ("shell-started: /bin/sh -c id", 2)]);
        var authors = await readModel.Queries.FlagGroupsAsync(new RepoFilter(), byAuthor: true, null, 1, Cancel);
        authors.Items.Concat((await readModel.Queries.FlagGroupsAsync(new RepoFilter(), byAuthor: true, authors.Next, 1, Cancel)).Items).Select(group => (group.Key, group.Repos)).ShouldBe([("alone", 1), ("evil", 2)]);
        (await readModel.Queries.FlagGroupsAsync(new RepoFilter { Indicator = "shell-started" }, byAuthor: true, null, 10, Cancel)).Items.ShouldHaveSingleItem().Repos.ShouldBe(2);
        (await readModel.Queries.FlaggedAsync(new RepoFilter { Payload = "shell-started: /bin/sh -c id" }, null, 10, Cancel)).Items.Count.ShouldBe(2);
        (await readModel.Queries.FlaggedAsync(new RepoFilter { Author = "alone", MinScore = 0.5, MinLikes = 1, Since = $"{Story.Start:o}" }, null, 10, Cancel)).Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Everything_a_person_does_is_in_the_audit_page_by_page()
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await Flagged()
            .Tell(new ReviewEvents.Noted(RepoId.Parse(Repo), Story.CommitOf(Repo), "asked the owner", "ann", Story.Start))
            .Tell(new ReviewEvents.RescanRequested(RepoId.Parse(Repo), Story.CommitOf(Repo), "bob", Story.Start))
            .Tell(new DeskEvents.ViewSaved("mine", "?label=malicious", "ann", Story.Start))
            .ApplyToAsync(readModel.Writer, Cancel);

        var first = await readModel.Queries.AuditAsync(null, null, null, 2, Cancel);
        first.Items.Select(entry => entry.Action).ShouldBe(["saved-view", "requested-rescan"]);
        (await readModel.Queries.AuditAsync(null, null, first.Next, 2, Cancel)).Items.ShouldHaveSingleItem().Action.ShouldBe("noted");
        (await readModel.Queries.AuditAsync("ann", "noted", null, 2, Cancel)).Items.ShouldHaveSingleItem().Detail.ShouldBe("asked the owner");
        (await readModel.Queries.SavedViewsAsync(Cancel)).ShouldHaveSingleItem().Address.ShouldBe("?label=malicious");
    }

    private static async Task<IEnumerable<string>> IdsAsync(TemporaryReadModel readModel, string state) =>
        (await readModel.Queries.FlaggedAsync(new RepoFilter { State = state }, null, 10, Cancel)).Items.Select(repo => repo.Repo.Value);

    private static Story Flagged() => new Story().Repo(Repo, Story.Loaded("bad", [Shell]), Label.Malicious, "p1", reason: "started a shell");

    private static void Flag(Story story, string repo, int revision)
    {
        var file = Story.File("pytorch_model.bin", "bad");
        var verdict = Story.Judged(Story.Loaded("bad", [Shell]), Label.Malicious, "p1");
        story.PlannedAt(repo, revision, file);
        story.Verdict(repo, Label.Malicious, ["started a shell"], [new JudgedFile(file.Path, 2048, Story.Hash("bad"), verdict)], revision);
    }
}

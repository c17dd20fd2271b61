using DynaHug.Shared.Desk;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Tests.Reviews;

/// <summary>A person's word, as pure state.</summary>
public sealed class ReviewStateSpecs
{
    private static readonly ReviewState Nothing = new(Samples.Repo);

    [Fact]
    public void The_same_word_twice_is_stored_once_unless_a_note_comes_with_it()
    {
        var judge = new ReviewCommands.Judge(Samples.Repo, Samples.Commit, Judgement.FalseAlarm, "", "ann");
        var judged = Nothing.Apply(Nothing.Handle(judge, Samples.Now).ShouldHaveSingleItem());

        judged.Handle(judge, Samples.Now).ShouldBeEmpty();
        judged.Handle(judge with { Note = "seen again" }, Samples.Now).ShouldHaveSingleItem();
        judged.Handle(judge with { Commit = Samples.NextCommit }, Samples.Now).ShouldHaveSingleItem();
        judged.Handle(judge with { Judgement = Judgement.New }, Samples.Now).ShouldHaveSingleItem();
    }

    [Fact]
    public void Every_word_says_who_and_a_note_is_printable_and_bounded()
    {
        var note = new ReviewCommands.AddNote(Samples.Repo, Samples.Commit, "\u202e" + new string('x', 10_000), "ann");

        var noted = Nothing.Handle(note, Samples.Now).ShouldHaveSingleItem().ShouldBeOfType<ReviewEvents.Noted>();

        noted.By.ShouldBe("ann");
        noted.Text.Length.ShouldBeLessThanOrEqualTo(ReviewState.MaxNote);
        noted.Text.ShouldNotContain('\u202e');
        noted.Describe().Action.ShouldBe("noted");
    }

    [Fact]
    public void A_flag_has_at_least_one_sign_and_what_is_not_flagged_has_none()
    {
        FlagSigns.Of(Samples.Malicious).ShouldBe(["program-started", FlagSigns.Unusual]);
        FlagSigns.Of(Samples.Malicious with { Indicators = [], Decision = null }).ShouldBe([FlagSigns.Written]);
        FlagSigns.Of(Samples.Benign).ShouldBeEmpty();
    }

    [Fact]
    public void One_payload_in_two_wrappings_is_one_group()
    {
        var one = new JudgedFile("a.bin", 1, Samples.Artifact, Samples.Malicious);
        var other = new JudgedFile("b.pkl", 2, Samples.OtherArtifact, Samples.Malicious);

        FlagSigns.PayloadOf([one]).ShouldBe(FlagSigns.PayloadOf([other]));
        FlagSigns.PayloadOf([one with { Verdict = Samples.Benign }]).ShouldBeEmpty();
        FlagSigns.PayloadOf([one with { Verdict = Samples.Malicious with { Indicators = [] } }]).ShouldContain(Samples.Artifact.Hex);
    }

    [Fact]
    public void The_desk_keeps_views_and_says_what_it_will_not_keep()
    {
        var desk = new DeskState();
        var save = new DeskCommands.SaveView("mine", "?label=malicious", "ann");

        desk.WhyNot(save, Samples.Now).ShouldBeNull();
        desk.WhyNot(save with { Name = "" }, Samples.Now).ShouldNotBeNull();
        desk.WhyNot(save with { Address = "//evil.example" }, Samples.Now).ShouldNotBeNull();
        var kept = desk.Apply(desk.Handle(save, Samples.Now).ShouldHaveSingleItem());
        kept.Handle(save, Samples.Now).ShouldBeEmpty();
        kept.Apply(kept.Handle(new DeskCommands.RemoveView("mine", "bob"), Samples.Now).ShouldHaveSingleItem()).Views.ShouldBeEmpty();
    }
}

using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Tests.ReadModel;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Tests.Admission;

/// <summary>What a policy lets in.</summary>
public sealed class AdmissionPolicySpecs
{
    private const string Repo = "evil/bad";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_goes_before_the_label_where_the_policy_says_so()
    {
        var story = new Story().Repo(Repo, Story.Loaded("bad", [new Indicator("shell-started", "id")]), Label.Malicious, "p1");

        (await DecideAsync(story, AdmissionPolicy.Default)).ShouldBe(Decided.Deny);
        story.Tell(new ReviewEvents.Judged(RepoId.Parse(Repo), Story.CommitOf(Repo), Judgement.FalseAlarm, "", "ann", Story.Start));
        (await DecideAsync(story, AdmissionPolicy.Default)).ShouldBe(Decided.Allow);
        (await DecideAsync(story, new AdmissionPolicy(HonourPeople: false))).ShouldBe(Decided.Deny);
        story.Tell(new ReviewEvents.Judged(RepoId.Parse(Repo), Story.CommitOf(Repo), Judgement.Confirmed, "", "ann", Story.Start));
        (await DecideAsync(story, new AdmissionPolicy(DenyFrom: Label.Malicious))).ShouldBe(Decided.Deny);
    }

    [Fact]
    public async Task What_is_unknown_becomes_what_the_policy_says()
    {
        (await DecideAsync(new Story(), AdmissionPolicy.Default)).ShouldBe(Decided.Unknown);
        (await DecideAsync(new Story(), new AdmissionPolicy(Unknown: UnknownModels.Deny))).ShouldBe(Decided.Deny);
        (await DecideAsync(new Story(), new AdmissionPolicy(Unknown: UnknownModels.Allow))).ShouldBe(Decided.Allow);
    }

    [Fact]
    public async Task What_no_profile_has_scored_is_not_allowed_unless_the_policy_says_so()
    {
        var story = new Story().Repo(Repo, Story.BenignLoad("good"), Label.Benign);

        (await DecideAsync(story, AdmissionPolicy.Default)).ShouldBe(Decided.Unknown);
        (await DecideAsync(story, new AdmissionPolicy(RefuseProvisional: false))).ShouldBe(Decided.Allow);
    }

    [Fact]
    public void An_exemption_is_for_a_content_a_sign_and_a_time()
    {
        var now = Story.Start;
        var verdict = Story.Judged(Story.Loaded("bad", [new Indicator("shell-started", "id")]), Label.Malicious, "p1");
        var one = new Exemption(Story.Hash("bad"), "known tool", "shell-started");

        new AdmissionPolicy(Exemptions: [one]).WhyExempt(Story.Hash("bad"), verdict, now).ShouldBeNull("it is an outlier too");
        var both = new AdmissionPolicy(Exemptions: [one, one with { Sign = FlagSigns.Unusual }]);
        both.WhyExempt(Story.Hash("bad"), verdict, now).ShouldBe("known tool");
        both.WhyExempt(Story.Hash("other"), verdict, now).ShouldBeNull();
        new AdmissionPolicy(Exemptions: [one with { Sign = null, Until = now }]).WhyExempt(Story.Hash("bad"), verdict, now).ShouldBeNull();
        new AdmissionPolicy(Exemptions: [one with { Sign = null }]).WhyExempt(null, verdict, now).ShouldBeNull();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"denyFrom":"malicious","unknown":"deny","exemptions":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","reason":"ours"}]}""")]
    public void A_policy_file_is_read(string text) => Should.NotThrow(() => Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"denyfrm":"malicious"}""")]
    [InlineData("""{"denyFrom":"benign"}""")]
    [InlineData("""{"exemptions":[{"sha256":"aa","reason":"ours"}]}""")]
    [InlineData("""{"exemptions":[{"sha256":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]}""")]
    public void A_policy_file_that_makes_no_sense_is_told_so(string text) => Should.Throw<UsageException>(() => Read(text));

    private static AdmissionPolicy Read(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return AdmissionPolicy.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<Decided> DecideAsync(Story story, AdmissionPolicy policy)
    {
        using var readModel = await TemporaryReadModel.MakeAsync(Cancel);
        await story.ApplyToAsync(readModel.Writer, Cancel);
        var repo = RepoId.Parse(Repo);
        return AdmissionCheck.Of(repo, AdmissionCheck.Branch, policy, await readModel.Queries.RepoAsync(repo, Cancel), await readModel.Queries.RemarksAsync(repo, Cancel)).Decision;
    }
}

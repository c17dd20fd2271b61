using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Tests;

/// <summary>Small well-formed values that specs vary with <c>with</c>.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
    public static readonly RepoId Repo = RepoId.Parse("acme/demo");
    public static readonly RepoId OtherRepo = RepoId.Parse("acme/twin");
    public static readonly Sha256 Artifact = Sha256.Parse(new string('a', 64));
    public static readonly Sha256 OtherArtifact = Sha256.Parse(new string('b', 64));
    public static readonly RepoFacts Facts = new("text-generation", "transformers", 12, 345, Now);
    public static readonly RepoFile ModelFile = new("pytorch_model.bin", 1024, ContentKey.Of(Artifact));
    public static readonly RepoFile OtherFile = new("extra/head.pkl", 77, ContentKey.Of(OtherArtifact));
    public static readonly RepoFile GitFile = new("small.pkl", 10, ContentKey.OfGit(new string('c', 40)));
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string NextCommit = "89abcdef0123456789abcdef0123456789abcdef";

    public static readonly StaticReport ToBeTraced = new(
        FileFormat.TorchZip,
        null,
        "",
        ["collections.OrderedDict"],
        [new StaticFinding("dangerous-global", Severity.Dangerous, "posix.system('id')")],
        new Dictionary<string, int> { ["PROTO"] = 1 },
        new FileStructure(1024, 3, 1, 20, 2));

    public static readonly StaticReport NothingRuns = ToBeTraced with
    {
        Format = FileFormat.Safetensors,
        Outcome = Outcome.NothingToExecute,
        Reason = "safetensors holds numbers only",
        Findings = [],
    };

    public static readonly TraceSummary Trace = new(
        "env-1",
        Outcome.Analysed,
        "",
        Complete: true,
        new Dictionary<int, long> { [0] = 120, [8] = 44, [59] = 1 },
        [new Indicator("program-started", "/usr/bin/id")],
        [new TracedProcess(1, 0, "python3"), new TracedProcess(2, 1, "/usr/bin/id")],
        "uid=65534",
        "",
        0.42);

    public static readonly ArtifactAnalysis Analysis = ArtifactAnalysis.Of(Artifact, ToBeTraced, Trace);

    public static readonly FileVerdict Benign = new(Label.Benign, Outcome.Analysed, "", new Decision(0.1, 0.2, false, []), [], ["behaves as benign loads do"], "profile-1", "env-1");

    public static readonly FileVerdict Malicious = Benign with
    {
        Label = Label.Malicious,
        Decision = new Decision(-3, 1, true, [new Contribution("execve", 1, 0, 1)]),
        Indicators = Trace.Indicators,
        Reasons = ["started a program: /usr/bin/id"],
    };

    public static readonly FileVerdict Unscored = Benign with { Label = Label.Unknown, Decision = null, Profile = null };
}

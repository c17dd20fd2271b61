using System.IO.Compression;
using System.Text.Json;
using DynaHug.Coordinator.Learning;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Verdicts;

/// <summary>
/// A verdict with everything it was reached from, as a file: gzip of one JSON object with these members. It holds what the model file did, not the
/// model file.
/// <code>
///   format       "dynahug-capsule/1"
///   file         where the content was seen: org/name:path
///   taskCluster  cluster of the repo
///   analysis     file hash, static report, trace (counts, indicators, processes, environment)
///   events       stored events of the load (TraceArchive) in base64, or null
///   profile      the profile's file in base64, or null where none scored it
///   verdict      what was decided
///   nearest      benign loads it was fitted on that are most alike, and what differs
/// </code>
/// </summary>
public sealed record Capsule(
    string Format,
    string File,
    string TaskCluster,
    ArtifactAnalysis Analysis,
    byte[]? Events,
    byte[]? Profile,
    FileVerdict Verdict,
    IReadOnlyList<NearLoad> Nearest)
{
    public const string Version = "dynahug-capsule/1";

    private const int LargestFile = 256 << 20;
    private const int LargestText = 512 << 20;

    public byte[] Write()
    {
        using var written = new MemoryStream();
        using (var packed = new GZipStream(written, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(packed, this, Json.Options);
        }

        return written.ToArray();
    }

    /// <exception cref="InvalidDataException">No capsule, damaged, or larger than ours get.</exception>
    public static Capsule Read(Stream stream)
    {
        try
        {
            using var packed = new GZipStream(new MemoryStream(Bounded.Read(stream, LargestFile)), CompressionMode.Decompress);
            var capsule = JsonSerializer.Deserialize<Capsule>(Bounded.Read(packed, LargestText), Json.Options);
            return capsule is { Format: Version } && Shared.Profiles.TaskCluster.Of(capsule.TaskCluster) == capsule.TaskCluster
                ? capsule
                : throw new InvalidDataException($"this is no capsule of format {Version}");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"the capsule is damaged ({Printable.Of(wrong.Message, 120)})", wrong);
        }
    }

    /// <summary>Judges again from the facts and the profile inside, by this program's rules.</summary>
    /// <exception cref="InvalidDataException">The profile inside is damaged, or not the one that the verdict names.</exception>
    public FileVerdict Replay()
    {
        using var file = new MemoryStream(Profile ?? []);
        var profile = Profile is null ? null : Learning.Profile.Load(file);
        return profile?.Id == Verdict.Profile
            ? Judge.FileVerdictOf(Analysis, profile, TaskCluster)
            : throw new InvalidDataException($"the capsule holds profile {profile?.Id ?? "none"}, its verdict names {Printable.Of(Verdict.Profile ?? "none", 80)}");
    }

    /// <summary>What two verdicts differ in, one line each; nothing where they are the same to the last bit.</summary>
    public static IEnumerable<string> Differences(FileVerdict one, FileVerdict other)
    {
        if (one.Label != other.Label)
        {
            yield return $"label {one.Label.Name()} / {other.Label.Name()}";
        }

        if (!Same(one.Decision, other.Decision))
        {
            yield return $"decision {Text(one.Decision)} / {Text(other.Decision)}";
        }

        if (!one.Indicators.SequenceEqual(other.Indicators))
        {
            yield return "indicators";
        }

        if (!one.Reasons.SequenceEqual(other.Reasons))
        {
            yield return $"reasons {string.Join("; ", one.Reasons)} / {string.Join("; ", other.Reasons)}";
        }
    }

    private static bool Same(Decision? one, Decision? other) => one is null || other is null
        ? one is null && other is null
        : (one.Value, one.Score, one.Outlier, one.PValue) == (other.Value, other.Score, other.Outlier, other.PValue) && one.Contributions.SequenceEqual(other.Contributions);

    private static string Text(Decision? decision) => decision is null ? "none" : JsonSerializer.Serialize(decision, Json.Options);
}

using System.IO.Compression;
using System.Text.Json;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Shared;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Learning;

/// <summary>
/// A profile as a file: gzip (RFC 1952) of one JSON object (UTF-8) with the members below. Numbers are doubles in their shortest form that
/// reads back the same, so that a read profile decides exactly as the written one. The profile's id is the sha256 of the whole file.
/// <code>
///   format       "dynahug-profile/4"; another number is another layout
///   detector     name of the detector that <c>state</c> belongs to
///   taskCluster  pipeline tag, or "not-clustered"
///   environment  fingerprint of the traces it scores
///   training     ids of the loads it was fitted on, sorted
///   validation   {falseAlarmRate, recall, folds, seed, candidates} by cross-validation
///   calibration  quantiles of benign out-of-fold decision values, ascending
///   state        what the detector needs; each documents its own (IFittedDetector.State)
///   hyperparameters  name → value of what was chosen, for people
///   manifest     {rule, formats, leftOut}: how the training loads were chosen
/// </code>
/// Formats 1 to 3 are read, no longer written: docs/profile-format.md says what they lack.
/// </summary>
internal sealed record ProfileFile(
    string Format,
    string Detector,
    string TaskCluster,
    string Environment,
    IReadOnlyList<string> Training,
    ProfileValidation Validation,
    IReadOnlyList<double> Calibration,
    JsonElement State,
    IReadOnlyDictionary<string, string>? Hyperparameters = null,
    TrainingManifest? Manifest = null)
{
    public const string Version = "dynahug-profile/4";
    private static readonly string[] Readable = [Version, "dynahug-profile/3", "dynahug-profile/2", "dynahug-profile/1"];

    private const int LargestFile = 64 << 20;
    private const int LargestText = 256 << 20;

    /// <summary>As described above: gzip of the JSON object.</summary>
    public byte[] Write()
    {
        using var written = new MemoryStream();
        using (var packed = new GZipStream(written, CompressionLevel.Optimal))
        {
            JsonSerializer.Serialize(packed, this, Json.Options);
        }

        return written.ToArray();
    }

    /// <summary>As described above: a gzip of the JSON object; whatever else is there is damage.</summary>
    public static ProfileFile Parse(byte[] bytes)
    {
        try
        {
            using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            var text = Bounded.Read(packed, LargestText);
            var content = JsonSerializer.Deserialize<ProfileFile>(text, Json.Options)
                ?? throw new InvalidDataException("the profile is empty: fit it again");
            return content.Checked();
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"the profile is damaged ({Printable.Of(wrong.Message, 120)}): fit it again", wrong);
        }
    }

    /// <summary>The file's bytes.</summary>
    public static byte[] ReadBounded(Stream stream) => Bounded.Read(stream, LargestFile);

    public IFittedDetector RestoreDetector()
    {
        try
        {
            return DetectorCatalogue.Find(Detector).Restore(State);
        }
        catch (Exception wrong) when (wrong is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new InvalidDataException($"the profile's detector state is damaged ({Printable.Of(wrong.Message, 120)}): fit it again", wrong);
        }
    }

    private ProfileFile Checked()
    {
        if (!Readable.Contains(Format))
        {
            throw new InvalidDataException($"the profile has format '{Printable.Of(Format, 40)}', this version reads {string.Join(", ", Readable)}: update or fit it again");
        }

        if (Shared.Profiles.TaskCluster.Of(TaskCluster) != TaskCluster || !IsFileName(Environment)
            || Calibration.Count == 0 || !Calibration.All(double.IsFinite) || Training.Any(id => id is null))
        {
            throw new InvalidDataException($"the profile of '{Printable.Of(TaskCluster, 64)}' holds values no fit gives: fit it again");
        }

        return this;
    }

    /// <summary>Profiles are kept in folders named by environment: the name must not lead elsewhere.</summary>
    private static bool IsFileName(string name) =>
        name is { Length: > 0 and <= 200 } && name.All(c => c is > ' ' and < '\x7f' and not '/' and not '\\') && name.Trim('.').Length > 0;
}

using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Learning;

/// <summary>
/// A fitted detector of one task cluster in one environment. Immutable and named by its content: the same profile has the same id on
/// every node. Safe for any thread.
/// </summary>
public sealed class Profile
{
    private readonly ProfileFile content;
    private readonly byte[] file;
    private readonly IFittedDetector detector;
    private readonly Calibration calibration;

    private Profile(ProfileFile content, byte[] file, IFittedDetector detector)
    {
        (this.content, this.file, this.detector) = (content, file, detector);
        calibration = new Calibration(content.Calibration);
        Blob = Sha256.OfBytes(file);
    }

    /// <summary>Hash of the profile's file, in hex.</summary>
    public string Id => Blob.Hex;

    /// <summary>Hash of what <see cref="Save"/> writes.</summary>
    public Sha256 Blob { get; }

    public string TaskCluster => content.TaskCluster;

    /// <summary>Fingerprint of the environment whose traces it may score; others are not comparable.</summary>
    public string Environment => content.Environment;

    /// <summary>Name of the detector.</summary>
    public string Detector => content.Detector;

    /// <summary>What loads have to bring beside their counts to be scored.</summary>
    public LoadFacts Needs => detector.Needs;

    /// <summary>Ids of the loads it was fitted on, sorted.</summary>
    public IReadOnlyList<string> Training => content.Training;

    /// <summary>What of the detector was chosen; empty in profiles of format 1, which did not say.</summary>
    public IReadOnlyDictionary<string, string> Hyperparameters => content.Hyperparameters ?? new Dictionary<string, string>();

    /// <summary>How the training loads were chosen; null in profiles of format 1.</summary>
    public TrainingManifest? Manifest => content.Manifest;

    public ProfileValidation Validation => content.Validation;

    /// <summary>Reads a profile file; see <see cref="ProfileFile"/> for the format.</summary>
    /// <exception cref="InvalidDataException">Damaged, too large, or made by a newer version.</exception>
    public static Profile Load(Stream stream)
    {
        var bytes = ProfileFile.ReadBounded(stream);
        var content = ProfileFile.Parse(bytes);
        return new Profile(content, bytes, content.RestoreDetector());
    }

    /// <summary>Writes the profile's file; see <see cref="ProfileFile"/> for the format.</summary>
    public void Save(Stream stream) => stream.Write(file);

    /// <summary>Scores a load of this profile's environment.</summary>
    /// <exception cref="ArgumentException">The load is of another environment, has no counts, or lacks facts that the detector needs.</exception>
    public Decision Score(Load load)
    {
        var value = Value(load);
        var outlier = value < 0;
        return new Decision(value, calibration.ScoreOf(value), outlier, outlier ? detector.Explain(load) : [], calibration.PValueOf(value));
    }

    /// <summary>The decision value alone, negative for an outlier: what bulk scoring asks for.</summary>
    /// <inheritdoc cref="Score"/>
    public double Value(Load load)
    {
        if (load.Environment is not null && load.Environment != Environment)
        {
            throw new ArgumentException($"load {load.Id} was traced in {load.Environment}, the profile is of {Environment}: counts of two environments do not compare", nameof(load));
        }

        if (load.Counts.Count == 0)
        {
            throw new ArgumentException($"load {load.Id} has no counts: a trace without a call cannot be scored", nameof(load));
        }

        var value = detector.Value(load);
        return double.IsFinite(value) ? value : throw new ArgumentException($"load {load.Id} gives the decision value {value}: its counts are no trace's", nameof(load));
    }

    internal static Profile Of(
        IDetector chosen,
        string taskCluster,
        string environment,
        IReadOnlyList<string> training,
        TrainingManifest manifest,
        ProfileValidation validation,
        Calibration calibration,
        IFittedDetector detector)
    {
        var content = new ProfileFile(
            ProfileFile.Version, chosen.Name, taskCluster, environment, training, validation, calibration.Values, detector.State(), chosen.Hyperparameters, manifest);
        return new Profile(content, content.Write(), detector);
    }
}

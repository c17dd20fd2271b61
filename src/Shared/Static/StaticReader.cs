using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static.Formats;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static;

/// <summary>
/// Reads a file without running it: what format it is by content, whether it has to be loaded in the sandbox, what its pickles name and
/// call, and how big it is in the ways that a load scales with. Total on any bytes: content never throws, and time and memory are bounded
/// by <see cref="StaticOptions"/> and linear in the file.
/// </summary>
public static class StaticReader
{
    /// <param name="path">Where the bytes are.</param>
    /// <param name="fileName">The name it goes by; only words reasons, never decides the format of what has one by content.</param>
    /// <exception cref="IOException">Our disk failed, or the file is not there.</exception>
    /// <exception cref="OperationCanceledException">The reading was called off.</exception>
    public static StaticReport Read(string path, string fileName, StaticOptions options, CancellationToken cancel)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        var file = new FileInHand(new FileContent(handle), fileName, options, cancel);
        var reading = file.Length == 0 ? FormatReading.Corrupt(FileFormat.Unknown, "the file is empty") : Read(file);
        var tally = file.Tally;
        var findings = tally.Findings
            .OrderByDescending(finding => finding.Severity)
            .ThenBy(finding => finding.Id, StringComparer.Ordinal)
            .ThenBy(finding => finding.Evidence, StringComparer.Ordinal)
            .Take(options.MaxFindings);
        return new StaticReport(
            reading.Format,
            reading.Outcome,
            reading.Outcome is null ? "" : Printable.Of(reading.Reason),
            [.. tally.Globals.Select(global => Printable.Of(global, 200))],
            [.. findings],
            tally.OpcodeCounts,
            new FileStructure(file.Length, reading.Members, tally.Pickles, (int)Math.Min(int.MaxValue, tally.Opcodes), tally.Storages));
    }

    /// <summary>The same for content that is in hand: the file itself, or a member of an archive.</summary>
    internal static FormatReading Read(FileInHand file)
    {
        var zip = ZipDirectory.Find(file);
        if (zip is not null && file.StartsWith("PK"u8))
        {
            return ZipFormats.Read(file, zip);
        }

        var reading = ReadFromStart(file, zip);
        if (zip is null)
        {
            return reading;
        }

        // Something else in front, a zip behind: some loaders open the one, some the other, so whatever it says, it has to be traced.
        var behind = ZipFormats.Read(file, zip);
        return new FormatReading(reading.Outcome is null ? reading.Format : behind.Format, Members: behind.Members);
    }

    private static FormatReading ReadFromStart(FileInHand file, ZipDirectory? zip)
    {
        if (file.StartsWith(NumpyFormat.Magic))
        {
            return NumpyFormat.Read(file);
        }

        if (file.StartsWith("GGUF"u8))
        {
            return GgufFormat.Read(file);
        }

        if (file.StartsWith("PK\x03\x04"u8))
        {
            return FormatReading.Corrupt(FileFormat.Zip, "a zip without its directory: cut off");
        }

        if (Hdf5Format.TryRead(file) is { } hierarchy)
        {
            return hierarchy;
        }

        if (TarFormat.IsTar(file.Head))
        {
            return TarFormat.Read(file, file.Reader(), FileFormat.Tar);
        }

        if (CompressedFormats.TryRead(file) is { } compressed)
        {
            return compressed;
        }

        var tensors = SafetensorsFormat.TryRead(file);
        if (PickleFormats.TryRead(file, zip, tensors) is { } pickle)
        {
            return Noting(file, tensors, pickle);
        }

        return tensors ?? ProtobufFormats.TryRead(file) ?? TextFormats.TryRead(file) ?? Unknown(file);
    }

    /// <summary>A file of numbers whose first bytes are also a pickle is one for whoever unpickles it.</summary>
    private static FormatReading Noting(FileInHand file, FormatReading? data, FormatReading pickle)
    {
        if (data is not null)
        {
            file.Tally.Find("polyglot", Severity.Unusual, "pickle", $"starts as a pickle and as {data.Format} at once");
        }

        return pickle;
    }

    private static FormatReading Unknown(FileInHand file)
    {
        var start = Convert.ToHexString(file.Head.AsSpan(0, Math.Min(8, file.Head.Length))).ToLowerInvariant();
        return file.IsNamed(
            ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".dill", ".npy", ".npz",
            ".zip", ".tar", ".gz", ".tgz", ".7z", ".h5", ".keras", ".gguf", ".safetensors")
            ? FormatReading.Corrupt(FileFormat.Unknown, $"not what its name says, nor any format known here; starts with {start}")
            : FormatReading.Unsupported(FileFormat.Unknown, $"no format known here; starts with {start}");
    }
}

using System.IO.Compression;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;

namespace DynaHug.Coordinator.Learning.References;

/// <param name="Artifact">Hash of <paramref name="Bytes"/>.</param>
/// <param name="Format">Content format, see <see cref="FileFormat"/>.</param>
public sealed record ReferenceFile(string Name, Sha256 Artifact, string Format, byte[] Bytes);

/// <summary>
/// Benign files of ours in every format that is run alone, written by the libraries that own the formats (<c>make_references.py</c>): what a profile
/// learns a format from that its training set lacks.
/// </summary>
public static class ReferenceFiles
{
    private static readonly Lazy<IReadOnlyList<ReferenceFile>> Files = new(Read);

    /// <summary>In a fixed order; read once for each process.</summary>
    public static IReadOnlyList<ReferenceFile> All => Files.Value;

    /// <summary>Formats in which a training set shows too little by itself: all but those in which it has <see cref="CallModel.LoadsForFormat"/> loads.</summary>
    public static Func<string, bool> MissingIn(IReadOnlyList<Load> training)
    {
        var known = training.CountBy(load => load.Format).Where(entry => entry.Value >= CallModel.LoadsForFormat).Select(entry => entry.Key).ToHashSet();
        return format => !known.Contains(format);
    }

    private static IReadOnlyList<ReferenceFile> Read()
    {
        using var archive = new ZipArchive(typeof(ReferenceFiles).Assembly.GetManifestResourceStream("references.zip")!);
        return [.. archive.Entries.Select(entry =>
        {
            using var content = entry.Open();
            var bytes = new byte[entry.Length];
            content.ReadExactly(bytes);
            return new ReferenceFile(entry.Name, Sha256.OfBytes(bytes), entry.FullName.Split('/')[0], bytes);
        })];
    }
}

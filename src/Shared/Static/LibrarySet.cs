using System.Text.Json.Serialization;

namespace DynaHug.Shared.Static;

/// <summary>What a sandbox has imported before it gets its file. The fewer, the cheaper is its start; all else is the same.</summary>
public enum LibrarySet
{
    /// <summary>Everything that the environment has.</summary>
    [JsonStringEnumMemberName("all")] All,

    /// <summary>What files of tensors, arrays and plain values need: no scikit-learn, scipy, pandas.</summary>
    [JsonStringEnumMemberName("tensors")] Tensors,
}

/// <summary>Chooses the libraries for a file by its content alone, so that equal files are always loaded the same way.</summary>
/// <remarks>
/// Nothing is hidden by a wrong choice: a library that was not imported before is imported by the load, and counted.
/// </remarks>
public static class LibrarySets
{
    /// <summary>Formats whose names static reading lists in full.</summary>
    private static readonly HashSet<string> Named =
    [
        FileFormat.TorchZip, FileFormat.TorchLegacy, FileFormat.TorchTar, FileFormat.TorchScript, FileFormat.Pickle, FileFormat.Joblib, FileFormat.Numpy, FileFormat.NumpyZip,
    ];

    /// <summary>Packages that only <see cref="LibrarySet.All"/> has: MORE_LIBRARIES of warmup.py, and what they import.</summary>
    private static readonly HashSet<string> OnlyInAll = ["sklearn", "scipy", "pandas", "py7zr", "dateutil", "pytz", "threadpoolctl"];

    /// <summary>More names than this may be a list that was cut off.</summary>
    private const int MostNames = 200;

    /// <summary>Compressed pickles of some kinds only the loader can open.</summary>
    private static bool IsReadInFull(StaticReport read) =>
        read.Globals.Count <= MostNames
        && (read.Structure.Pickles > 0 || read.Format is FileFormat.Numpy or FileFormat.NumpyZip)
        && read.Findings.All(finding => finding.Id != "unreadable");

    public static LibrarySet Of(StaticReport read) =>
        Named.Contains(read.Format) && IsReadInFull(read) && !read.Globals.Any(name => OnlyInAll.Contains(name.Split('.')[0]))
            ? LibrarySet.Tensors
            : LibrarySet.All;
}

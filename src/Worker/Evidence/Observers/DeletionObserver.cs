using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>
/// Files deleted, renamed or rewritten. The calls carry their paths by pointer, so what a load created in scratch space is set off against
/// what it removed; only the rest concerns other files.
/// </summary>
internal sealed class DeletionObserver : IObserver
{
    /// <summary>More than temporary files explain, and fewer than the planted home holds.</summary>
    private const int Mass = 16;

    private static readonly int[] Calls =
    [
        .. new[] { "unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2", "truncate" }.Select(LoadWindow.Number),
    ];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        var calls = load.Calls(Calls).ToList();
        var written = load.Points(TracePoint.Open).Where(pair => LoadWindow.IsForWriting(pair.Event))
            .Select(pair => (pair.At, Path: TracedPath.Normalise(pair.Event.Path)))
            .DistinctBy(open => open.Path)
            .ToList();
        var ownScratch = written.Count(open => TracedPath.IsScratch(open.Path));
        var foreign = calls.Count - (ownScratch == 0 ? 0 : ownScratch + 1); // and the folder they were in

        if (calls.Count >= Mass && foreign > 0)
        {
            yield return new Sighting(calls[Mass - 1].At, IndicatorCatalogue.MassDeletion.Seen($"{calls.Count} deletions or renames{Paths(load)}"));
        }
        else if (foreign > 0)
        {
            yield return new Sighting(calls[0].At, IndicatorCatalogue.FileDeleted.Seen($"{calls.Count} deletions or renames{Paths(load)}"));
        }

        var rewritten = written.Where(open => !TracedPath.IsScratch(open.Path)).ToList();
        if (rewritten.Count >= Mass)
        {
            yield return new Sighting(rewritten[Mass - 1].At, IndicatorCatalogue.MassDeletion.Seen($"{rewritten.Count} files opened for writing, the first {rewritten[0].Path}"));
        }
    }

    private static string Paths(LoadWindow load)
    {
        var told = load.Report?.Audit.Where(call => call.Name is "os.remove" or "os.rename" or "os.rmdir" or "shutil.rmtree" or "os.truncate").Take(3)
            .Select(call => $"{call.Name}({call.Arguments})").ToList() ?? [];
        return told.Count == 0 ? "" : $": {string.Join("; ", told)}";
    }
}

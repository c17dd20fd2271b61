using System.Text.RegularExpressions;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Files opened for writing, renamed into place or made executable. An attempt counts: the sandbox refuses most of them.</summary>
internal sealed partial class WriteObserver : IObserver
{
    private const ulong AnyExecute = 0b001_001_001;

    private static readonly int Chmod = LoadWindow.Number("chmod");
    private static readonly int Fchmod = LoadWindow.Number("fchmod");
    private static readonly int Fchmodat = LoadWindow.Number("fchmodat");

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        foreach (var (at, seen) in load.Points(TracePoint.Open))
        {
            if (LoadWindow.IsForWriting(seen) && Written(TracedPath.Normalise(seen.Path), seen.Path) is { } indicator)
            {
                yield return new Sighting(at, indicator);
            }
        }

        foreach (var (at, call) in load.Calls(Chmod, Fchmod, Fchmodat))
        {
            var mode = LoadWindow.Argument(call, call.Number == Fchmodat ? 2 : 1);
            if ((mode & AnyExecute) != 0)
            {
                yield return new Sighting(at, IndicatorCatalogue.MadeExecutable.Seen($"mode 0{Convert.ToString((long)(mode & 0xfff), 8)}"));
            }
        }

        foreach (var call in load.Report?.Audit.Where(call => call.Name is "os.rename" or "os.link" or "os.symlink") ?? [])
        {
            foreach (var path in Quoted().Matches(call.Arguments).Skip(1).Select(match => match.Groups[1].Value))
            {
                if (Written(TracedPath.Normalise(path), $"{call.Name} to {path}") is { } indicator)
                {
                    yield return new Sighting(load.Events.Count, indicator);
                }
            }
        }
    }

    private static Indicator? Written(string path, string evidence) =>
        Persistence.Starts(path) ? IndicatorCatalogue.PersistenceWritten.Seen(evidence)
        : TracedPath.IsTemporary(path) ? UnpackedByTorch().IsMatch(path) ? null : IndicatorCatalogue.FileWrittenInTmp.Seen(evidence)
        : TracedPath.IsScratch(path) || path.Length == 0 ? null
        : IndicatorCatalogue.FileWrittenOutsideTmp.Seen(evidence);

    /// <summary>What <c>torch.load</c> unpacks of its oldest format, a tar, in a folder that Python names.</summary>
    [GeneratedRegex("^/tmp/tmp[a-z0-9_]{8}/(storages|tensors|pickle|sys_info)$", RegexOptions.NonBacktracking)]
    private static partial Regex UnpackedByTorch();

    [GeneratedRegex("'([^']{1,400})'", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();
}

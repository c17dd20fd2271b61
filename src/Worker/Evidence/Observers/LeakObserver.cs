using System.Text;
using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Planted secrets that turn up in an argument, a path, the output or an error: plain, in base64 or in hexadecimal digits.</summary>
internal sealed class LeakObserver : IObserver
{
    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        var canaries = load.Honey.Secrets.Select(secret => (Secret: secret, Forms: FormsOf(secret))).ToList();
        for (var at = 0; at < load.Events.Count; at++)
        {
            var seen = load.Events[at];
            if (Find(seen.Path) is { } inPath)
            {
                yield return new Sighting(at, Leak(inPath, "a path"));
            }

            foreach (var found in (seen.Argv ?? []).Select(Find).OfType<string>())
            {
                yield return new Sighting(at, Leak(found, "an argument of a program"));
            }
        }

        foreach (var (text, place) in Written(load))
        {
            if (Find(text) is { } found)
            {
                yield return new Sighting(load.Events.Count, Leak(found, place));
            }
        }

        string? Find(string text) => text.Length < 8
            ? null
            : canaries.Where(canary => canary.Forms.Any(form => text.Contains(form, StringComparison.Ordinal))).Select(canary => canary.Secret).FirstOrDefault();
    }

    private static IEnumerable<(string Text, string Place)> Written(LoadWindow load)
    {
        yield return (load.Run.StandardOutput, "standard output");
        yield return (load.Run.StandardError, "standard error");
        if (load.Report is { } report)
        {
            yield return (report.Error, "an error message");
            foreach (var call in report.Calls.Concat(report.Audit))
            {
                yield return (call.Arguments, $"an argument of {call.Name}");
            }
        }
    }

    private static Indicator Leak(string secret, string place) => IndicatorCatalogue.CanaryLeaked.Seen($"{secret[..6]}… in {place}");

    /// <summary>In base64 the secret may start at any of three places of a group; the characters shared with neighbours are left out.</summary>
    private static string[] FormsOf(string secret)
    {
        var bytes = Encoding.ASCII.GetBytes(secret);
        var forms = new List<string> { secret, Convert.ToHexStringLower(bytes) };
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=');
            var first = offset == 0 ? 0 : offset + 1;
            forms.Add(encoded[first..^2]);
        }

        return [.. forms];
    }
}

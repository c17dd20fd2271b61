using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Planted credentials that are opened, and places where credentials usually are that are looked into.</summary>
internal sealed class SecretObserver : IObserver
{
    private static readonly string[] UsualNames =
        ["/.ssh/id_", "/.aws/credentials", "/.netrc", "/.git-credentials", "/.kube/config", "/.docker/config.json", "/wallet.dat", "/.gnupg/", "/Login Data", "/logins.json", "/.huggingface/token", "/huggingface/token", "/run/secrets/"];

    private static readonly string[] AccountLists = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/sudoers"];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        var honey = load.Honey;
        var folders = honey.Files.Keys.Select(FolderOf).Where(folder => folder != honey.Folder).ToHashSet();
        foreach (var (at, seen) in load.Points(TracePoint.Open))
        {
            var path = TracedPath.Normalise(seen.Path);
            if (honey.Files.Keys.Any(planted => TracedPath.CanMean(path, planted)) || IsEnvironmentOfProcess(path))
            {
                yield return new Sighting(at, IndicatorCatalogue.SecretRead.Seen(seen.Path));
            }
            else if (folders.Contains(path) || UsualNames.Any(name => path.Contains(name, StringComparison.Ordinal)))
            {
                yield return new Sighting(at, IndicatorCatalogue.SecretProbed.Seen(seen.Path));
            }
            else if (AccountLists.Contains(path))
            {
                yield return new Sighting(at, IndicatorCatalogue.AccountListRead.Seen(seen.Path));
            }
        }

        // A link to a planted file, made to be read by another name.
        foreach (var link in load.Report?.Audit.Where(call => call.Name is "os.symlink" or "os.link") ?? [])
        {
            if (honey.Files.Keys.Any(planted => link.Arguments.Contains($"'{planted}'", StringComparison.Ordinal)))
            {
                yield return new Sighting(load.Events.Count, IndicatorCatalogue.SecretRead.Seen($"{link.Name}({link.Arguments})"));
            }
        }
    }

    /// <summary>The planted environment variables, read around Python.</summary>
    private static bool IsEnvironmentOfProcess(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal) && path.EndsWith("/environ", StringComparison.Ordinal);

    private static string FolderOf(string path) => path[..path.LastIndexOf('/')];
}

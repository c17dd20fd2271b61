using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text;
using DynaHug.Shared.Static;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Names everything that decides what the trace of a given file looks like: gVisor and its flags, how sandboxes start, trace points,
/// bundle, planted home (but for names and values, which every image draws anew), loader, Python and libraries. Folders and the memory limit (it follows the file) are left out: the same setup has the same name wherever its data lies.
/// </summary>
internal static partial class EnvironmentFingerprint
{
    private const int HashDigits = 12;

    /// <summary>For example <c>gvisor-20221219-torch-1-13-0a0-0123456789ab</c>.</summary>
    /// <param name="ready">What the loader says that has all libraries.</param>
    public static string Of(SandboxOptions options, Runsc runsc, SandboxMode mode, LoaderProtocol.Ready ready)
    {
        var libraries = string.Join('\n', ready.Libraries.OrderBy(library => library.Key, StringComparer.Ordinal).Select(library => $"{library.Key} {library.Value}"));
        var hash = Hash([.. Setup(options, runsc, mode, LibrarySet.All), ready.Python, libraries]);
        var torch = ready.Libraries.TryGetValue("torch", out var version) ? $"torch-{Plain(version)}" : "no-torch";
        return $"gvisor-{Plain(Date().Match(runsc.Version) is { Success: true } date ? date.Value : runsc.Version)}-{torch}-{hash}";
    }

    /// <summary>Names an image before anything is started: instead of what the loader says, the times at which libraries were last installed.</summary>
    public static string ImageKey(SandboxOptions options, Runsc runsc, SandboxMode mode, LibrarySet libraries) =>
        $"{mode.ToString().ToLowerInvariant()}-{libraries.Name()}-{Hash([.. Setup(options, runsc, mode, libraries), .. InstalledAt.Select(TimeOf)])}";

    private static readonly string[] InstalledAt = ["/var/lib/dpkg/status", "/usr/lib/python3/dist-packages", "/etc/ld.so.cache", "/usr/bin/python3"];

    private static IEnumerable<string> Setup(SandboxOptions options, Runsc runsc, SandboxMode mode, LibrarySet set)
    {
        var honey = HoneyHome.Of("any");
        var bundle = Bundle.Describe(options, new ImageFolder("/image", set), honey, "/slot", runsc.Cgroups ? "/cgroup" : null, memory: 0);
        yield return runsc.Version;
        yield return string.Join(' ', runsc.Flags);
        yield return mode.ToString();
        yield return JsonSerializer.Serialize(TraceSession.Points, JsonSerializerOptions.Web);
        yield return bundle.ToJson();
        foreach (var (path, content) in honey.Files.Concat(honey.Furniture).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            yield return $"{path}\n{content}";
        }

        var files = Directory.EnumerateFiles(options.LoaderFolder, "*", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetRelativePath(options.LoaderFolder, file), File: file))
            .Where(file => !file.Name.Contains("__pycache__", StringComparison.Ordinal));
        foreach (var (name, file) in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            yield return $"{name}\n{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}";
        }
    }

    private static string Hash(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))))[..HashDigits];

    private static string TimeOf(string path) => $"{path} {(Path.Exists(path) ? File.GetLastWriteTimeUtc(path).Ticks : 0)}";

    private static string Plain(string text) => Odd().Replace(text.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } plain ? plain[..Math.Min(plain.Length, 24)] : "unknown";

    [GeneratedRegex(@"\d{8}")]
    private static partial Regex Date();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Odd();
}

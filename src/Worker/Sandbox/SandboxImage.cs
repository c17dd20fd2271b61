using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DynaHug.Shared;
using Microsoft.Extensions.Logging;

namespace DynaHug.Worker.Sandbox;

/// <summary>What the loader says once its libraries are imported.</summary>
/// <param name="Libraries">Library → version.</param>
public sealed record LoaderReady(string Python, IReadOnlyDictionary<string, string> Libraries);

/// <summary>
/// The loader with its libraries imported, as a gVisor checkpoint that every load is restored from: starts in half a second instead of
/// two, and with the same address layout and hash seeds each time, so that the same file makes the same system calls. Kept by a key over all that
/// goes into it; made anew when a library or the loader changes.
/// </summary>
internal sealed class SandboxImage
{
    private const string ReadyLine = "DYNAHUG-READY ";
    private const string PackageList = "/var/lib/dpkg/status";
    private static readonly TimeSpan ImportLimit = TimeSpan.FromMinutes(3);

    private SandboxImage(string folder, string root, string app, string environment)
    {
        Checkpoint = folder;
        Root = root;
        App = app;
        Environment = environment;
    }

    /// <summary>Folder that <c>runsc restore</c> reads.</summary>
    public string Checkpoint { get; }

    public string Root { get; }

    public string App { get; }

    public string Environment { get; }

    /// <summary>Takes the image of this machine, or makes it, once for all processes that share the folder.</summary>
    public static async Task<SandboxImage> EnsureAsync(SandboxOptions options, Runsc runsc, bool controlGroups, ILogger logger, CancellationToken cancel)
    {
        var home = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(home);
        var version = await runsc.VersionAsync(cancel);
        var loader = Path.Combine(AppContext.BaseDirectory, "Loader");
        var ingredients = $"{version}\n{TraceSession.Fingerprint}\n{FilesHash(loader)}\n{Bundle.Config(options, "root", "app", "slot", null)}\n{string.Join('\n', HoneyHome.Files)}";
        var key = Hash($"{ingredients}\n{PackagesHash()}");
        var place = Path.Combine(home, $"image-{key}");
        using var held = await LockAsync(Path.Combine(home, "image.lock"), cancel);
        var readyFile = Path.Combine(place, "ready.json");
        if (!File.Exists(readyFile))
        {
            logger.LogInformation("making the sandbox image in {Folder}", place);
            var unfinished = $"{place}.{System.Environment.ProcessId}";
            var ready = await MakeAsync(unfinished, loader, options, runsc, controlGroups, cancel);
            await File.WriteAllTextAsync(Path.Combine(unfinished, "ready.json"), JsonSerializer.Serialize(ready), cancel);
            DeleteIfThere(place);
            Directory.Move(unfinished, place);
        }

        var known = JsonSerializer.Deserialize<LoaderReady>(await File.ReadAllTextAsync(readyFile, cancel))!;
        return new SandboxImage(CheckpointIn(place), RootIn(place), AppIn(place), NameOf(version, known, ingredients));
    }

    private static async Task<LoaderReady> MakeAsync(string place, string loader, SandboxOptions options, Runsc runsc, bool controlGroups, CancellationToken cancel)
    {
        DeleteIfThere(place);
        Bundle.WriteRoot(RootIn(place));
        CopyFiles(loader, AppIn(place));
        HoneyHome.WriteTo(Path.Combine(AppIn(place), "home"));
        Directory.CreateDirectory(CheckpointIn(place));
        using var run = new RunFolder(place);
        run.WriteBundle(Bundle.Config(options, RootIn(place), AppIn(place), run.Slot, controlGroups ? $"/dynahug/{run.Id}" : null));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ImportLimit);
        using var process = await runsc.RunAsync(run.State, run.Root, run.Id, null);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var ready = await ReadReadyAsync(process, errors, limit.Token);
            await runsc.CheckpointAsync(run.State, run.Id, CheckpointIn(place), limit.Token);
            return ready;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SandboxException($"the loader did not import its libraries within {ImportLimit.TotalMinutes} minutes");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await runsc.DeleteAsync(run.State, run.Id);
        }
    }

    private static async Task<LoaderReady> ReadReadyAsync(Process process, Task<string> errors, CancellationToken cancel)
    {
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<LoaderReady>(line[ReadyLine.Length..], JsonSerializerOptions.Web)
                    ?? throw new SandboxException("the loader said nothing of its libraries");
            }
        }

        throw new SandboxException($"the loader ended before it was ready: {Runsc.LastLine(await errors)}");
    }

    private static string CheckpointIn(string place) => Path.Combine(place, "checkpoint");

    private static string RootIn(string place) => Path.Combine(place, "root");

    private static string AppIn(string place) => Path.Combine(place, "app");

    /// <summary>For instance <c>gvisor-20221219-torch-1-13-1-0f3a…</c>: readable where it matters, exact by the hash.</summary>
    private static string NameOf(string version, LoaderReady ready, string ingredients)
    {
        var libraries = string.Join('\n', ready.Libraries.OrderBy(library => library.Key, StringComparer.Ordinal).Select(library => $"{library.Key} {library.Value}"));
        var torch = ready.Libraries.GetValueOrDefault("torch", "none");
        var release = version.Replace("release-", "", StringComparison.Ordinal).Split('~')[^1];
        var name = $"gvisor-{release}-torch-{torch}-{Hash($"{ingredients}\n{ready.Python}\n{libraries}")}".ToLowerInvariant();
        return string.Concat(name.Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-'));
    }

    private static string FilesHash(string folder) => Hash(string.Join('\n', Directory.EnumerateFiles(folder, "*.py", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")));

    private static string PackagesHash() => File.Exists(PackageList) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(PackageList))) : "";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];

    private static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.py", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<FileStream> LockAsync(string file, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
            }
        }
    }
}

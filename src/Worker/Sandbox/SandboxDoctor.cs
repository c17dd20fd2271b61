using System.Runtime.CompilerServices;
using System.Text;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Worker.Sandbox;

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Remedy">What to do where it is not in order; empty where it is.</param>
public sealed record DoctorCheck(string Name, bool Ok, string Detail, string Remedy);

/// <summary>Finds out whether this machine can scan: what is installed, and whether a sandbox tells a benign canary from one that runs a program.</summary>
public static class SandboxDoctor
{
    private const long LeastFreeBytes = 1L << 30;

    /// <summary>Python module → Debian package.</summary>
    private static readonly (string Module, string Package)[] Libraries =
    [
        ("torch", "python3-torch"), ("numpy", "python3-numpy"), ("joblib", "python3-joblib"), ("sklearn", "python3-sklearn"),
        ("dill", "python3-dill"), ("cloudpickle", "python3-cloudpickle"), ("pandas", "python3-pandas"),
    ];

    /// <summary>A pickled dict, protocol 0: <c>{'bias': 1}</c>.</summary>
    private static readonly byte[] BenignCanary = Encoding.ASCII.GetBytes("(dp0\nS'bias'\np1\nI1\ns.");

    /// <summary>A pickle that runs <c>id</c>, protocol 0. Only ever loaded in a sandbox.</summary>
    private static readonly byte[] MaliciousCanary = Encoding.ASCII.GetBytes("cposix\nsystem\n(S'id'\ntR.");

    /// <summary>All checks, quick ones first; canaries only where the programs are there.</summary>
    public static async IAsyncEnumerable<DoctorCheck> ExamineAsync(SandboxOptions options, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var complete = true;
        await foreach (var check in ExamineProgramsAsync(options, cancel))
        {
            complete &= check.Ok;
            yield return check;
        }

        yield return FreeSpace(options);
        yield return ControlGroups.Usable()
            ? new DoctorCheck("control groups", true, "memory and processes of a sandbox are limited by the kernel", "")
            : new DoctorCheck("control groups", true, "not usable by this user: memory is limited per process only", "");
        if (!complete)
        {
            yield break;
        }

        await foreach (var check in ExamineCanariesAsync(options, clock, cancel))
        {
            yield return check;
        }
    }

    /// <summary>The programs and libraries that a sandbox needs, without starting one.</summary>
    public static async IAsyncEnumerable<DoctorCheck> ExamineProgramsAsync(SandboxOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield return new DoctorCheck("operating system", false, "gVisor runs on Linux only", "scan on a Linux machine");
            yield break;
        }

        yield return Program("setpriv", "util-linux");
        yield return Program(options.Runsc, "runsc");
        var python = Program(options.Python, "python3");
        yield return python;
        if (!python.Ok)
        {
            yield break;
        }

        var missing = await MissingLibrariesAsync(options.Python, cancel);
        yield return missing.Count == 0
            ? new DoctorCheck("Python libraries", true, string.Join(", ", Libraries.Select(library => library.Module)), "")
            : new DoctorCheck("Python libraries", false, $"missing: {string.Join(", ", missing.Select(library => library.Module))}", Install([.. missing.Select(library => library.Package)]));
    }

    private static async IAsyncEnumerable<DoctorCheck> ExamineCanariesAsync(SandboxOptions options, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var work = Directory.CreateTempSubdirectory("dynahug-doctor-");
        try
        {
            var (sandbox, broken) = await StartAsync(options, new BlobStore(Path.Combine(work.FullName, "blobs")), clock, cancel);
            yield return sandbox is null
                ? new DoctorCheck("sandbox", false, broken, "see the gVisor documentation for this kernel; as root it needs no more than the ptrace platform")
                : new DoctorCheck("sandbox", true, sandbox.Environment, "");
            if (sandbox is null)
            {
                yield break;
            }

            var benign = await LoadAsync(sandbox, work.FullName, "benign.pkl", BenignCanary, cancel);
            yield return benign is { Outcome: Outcome.Analysed, Complete: true, Indicators.Count: 0 }
                ? new DoctorCheck("benign canary", true, $"loaded, {benign.Counts.Values.Sum()} system calls traced", "")
                : new DoctorCheck("benign canary", false, $"{benign.Outcome}: {Printable.Of(benign.Reason, 200)}", "the sandbox does not trace as it should; report this with the output of 'runsc --version'");
            var malicious = await LoadAsync(sandbox, work.FullName, "malicious.pkl", MaliciousCanary, cancel);
            yield return malicious.Indicators.Count > 0
                ? new DoctorCheck("malicious canary", true, $"seen: {Printable.Of(malicious.Indicators[0].Evidence, 100)}", "")
                : new DoctorCheck("malicious canary", false, "a started program was not seen", "do not scan with this machine; report this with the output of 'runsc --version'");
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task<(GvisorSandbox? Sandbox, string Broken)> StartAsync(SandboxOptions options, BlobStore blobs, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            return (await GvisorSandbox.StartAsync(options, blobs, NullLogger.Instance, clock, cancel), "");
        }
        catch (Exception problem) when (problem is SandboxException or SandboxUnavailableException or IOException)
        {
            return (null, Printable.Of(problem.Message));
        }
    }

    private static async Task<TraceSummary> LoadAsync(GvisorSandbox sandbox, string folder, string name, byte[] content, CancellationToken cancel)
    {
        var file = Path.Combine(folder, name);
        await File.WriteAllBytesAsync(file, content, cancel);
        return await sandbox.TraceAsync(new TraceRequest(Sha256.OfBytes(content), file, name, FileFormat.Pickle), cancel);
    }

    private static DoctorCheck Program(string name, string package)
    {
        var place = Path.IsPathRooted(name)
            ? (File.Exists(name) ? name : null)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/bin", "/usr/sbin"]).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return place is not null ? new DoctorCheck(name, true, place, "") : new DoctorCheck(name, false, "not installed", Install([package]));
    }

    /// <summary>Asks Python which modules it would find; imports none.</summary>
    private static async Task<IReadOnlyList<(string Module, string Package)>> MissingLibrariesAsync(string python, CancellationToken cancel)
    {
        var question = $"import importlib.util as u; print(*[m for m in '{string.Join(' ', Libraries.Select(library => library.Module))}'.split() if u.find_spec(m) is None])";
        var (_, output, _) = await Supervisor.RunAsync(python, ["-s", "-B", "-c", question], cancel);
        var missing = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. Libraries.Where(library => missing.Contains(library.Module))];
    }

    private static DoctorCheck FreeSpace(SandboxOptions options)
    {
        var folder = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(folder);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free >= LeastFreeBytes
            ? new DoctorCheck("disk", true, $"{free >> 30} GiB free for {folder}", "")
            : new DoctorCheck("disk", false, $"{free >> 20} MiB free for {folder}", "free some space, or name another folder with --data");
    }

    private static string Install(IReadOnlyCollection<string> packages) => $"apt-get install -y --no-install-recommends {string.Join(' ', packages)}";
}

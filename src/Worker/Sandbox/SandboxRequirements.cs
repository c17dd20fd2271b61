using System.Diagnostics;

namespace DynaHug.Worker.Sandbox;

/// <summary>What has to be installed before a sandbox can be started, and what to do where it is not. Debian's package names.</summary>
internal static class SandboxRequirements
{
    /// <summary>Python module → Debian package.</summary>
    public static IReadOnlyList<(string Module, string Package)> Libraries { get; } =
    [
        ("torch", "python3-torch"), ("numpy", "python3-numpy"), ("joblib", "python3-joblib"), ("sklearn", "python3-sklearn"),
        ("dill", "python3-dill"), ("cloudpickle", "python3-cloudpickle"), ("pandas", "python3-pandas"),
        ("py7zr", "python3-py7zr"), ("lz4", "python3-lz4"), ("zstandard", "python3-zstandard"),
    ];

    /// <summary>Asks Python where modules are and what version their metadata names, importing none of them.</summary>
    private const string Question = """
        import importlib.util, importlib.metadata, sys
        print('python', sys.version.split()[0])
        for name in sys.argv[1:]:
            if importlib.util.find_spec(name) is None: continue
            try: version = importlib.metadata.version({'sklearn': 'scikit-learn'}.get(name, name))
            except importlib.metadata.PackageNotFoundError: version = '?'
            print(name, version)
        """;

    /// <exception cref="SandboxUnavailableException">Something is missing.</exception>
    public static async Task<Runsc> CheckAsync(SandboxOptions options, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new SandboxUnavailableException("sandboxes need Linux; run this on Debian 12 or in a virtual machine with it");
        }

        var runsc = await Runsc.FindAsync(options, cancel);
        if (!File.Exists(Path.Combine(options.LoaderFolder, "loader.py")))
        {
            throw new SandboxUnavailableException($"the loader is not at '{options.LoaderFolder}'; build DynaHug.Worker again");
        }

        var installed = await InstalledAsync(options, cancel);
        var missing = Libraries.Where(library => !installed.ContainsKey(library.Module)).Select(library => library.Package).ToList();
        return missing.Count == 0
            ? runsc
            : throw new SandboxUnavailableException($"{options.Python} lacks libraries that loads need; install them: apt-get install {string.Join(' ', missing)}");
    }

    /// <summary>Versions of Python itself ("python") and of the libraries that are there.</summary>
    /// <exception cref="SandboxUnavailableException">There is no such Python.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> InstalledAsync(SandboxOptions options, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(options.Python, ["-I", "-c", Question, .. Libraries.Select(library => library.Module)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("no process was made");
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var said = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0
                ? said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2)).ToDictionary(pair => pair[0], pair => pair[1])
                : throw new SandboxUnavailableException($"{options.Python} does not run: {Shared.Printable.Of(await errors, 300)}; apt-get install --reinstall python3");
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new SandboxUnavailableException(
                $"there is no {options.Python}; install it: apt-get install python3 {string.Join(' ', Libraries.Select(library => library.Package))}", failure);
        }
    }
}

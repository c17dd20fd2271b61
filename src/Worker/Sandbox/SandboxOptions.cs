using System.ComponentModel.DataAnnotations;

namespace DynaHug.Worker.Sandbox;

/// <summary>Where and within which limits files are loaded.</summary>
public sealed class SandboxOptions
{
    /// <summary>Checkpoint images and the files of running sandboxes; may be shared by processes. A hard link from here to the blob store must be possible to avoid copies.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>Program that runs gVisor: a name on PATH or a path. The environment variable DYNAHUG_RUNSC names another than <c>runsc</c>.</summary>
    [Required]
    public string Runsc { get; init; } = Environment.GetEnvironmentVariable("DYNAHUG_RUNSC") ?? "runsc";

    /// <summary>The system's Python, whose libraries the sandbox sees under <c>/usr</c>.</summary>
    [Required]
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Folder with <c>loader.py</c>; mounted read-only at <c>/app</c>.</summary>
    [Required]
    public string LoaderFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "Loader");

    /// <summary>Wanted way to start; cold is taken where restoring does not work.</summary>
    public SandboxMode Mode { get; init; } = SandboxMode.Restore;

    /// <summary>Wall clock of one load, in seconds.</summary>
    [Range(1, 86_400)]
    public double WallSeconds { get; init; } = 120;

    /// <summary>Wall clock for importing the libraries, in seconds.</summary>
    [Range(1, 3_600)]
    public double StartSeconds { get; init; } = 120;

    /// <summary>How long the loader waits for threads and timers after the load, in seconds.</summary>
    [Range(0, 600)]
    public double LingerSeconds { get; init; } = 1.5;

    /// <summary>Sandboxes that wait for a file, restored ahead; each holds some 250 MB.</summary>
    [Range(0, 64)]
    public int WarmSandboxes { get; init; } = 1;

    /// <summary>Memory of the whole sandbox in MB, over twice the size of the file.</summary>
    [Range(256, 1 << 20)]
    public int MemoryMegabytes { get; init; } = 2048;

    /// <summary>Processes and threads inside the sandbox.</summary>
    [Range(8, 4096)]
    public int Processes { get; init; } = 64;

    /// <summary>Size of the sandbox's <c>/tmp</c> in MB; it lives in the sandbox's memory.</summary>
    [Range(1, 4096)]
    public int TmpMegabytes { get; init; } = 64;

    /// <summary>Largest file that a load can write, in MB.</summary>
    [Range(1, 4096)]
    public int FileMegabytes { get; init; } = 256;

    /// <summary>Trace points after which a load is ended.</summary>
    [Range(10_000, 100_000_000)]
    public int EventBudget { get; init; } = 1_000_000;

    /// <summary>Bytes on standard output, and as many on standard error, after which a load is ended.</summary>
    [Range(65_536, 1 << 30)]
    public int OutputBytes { get; init; } = 4 << 20;
}

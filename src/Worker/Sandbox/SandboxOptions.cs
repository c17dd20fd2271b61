using System.ComponentModel.DataAnnotations;

namespace DynaHug.Worker.Sandbox;

/// <summary>Where sandboxes live and what one of them may use. Limits hold for one file.</summary>
public sealed class SandboxOptions
{
    /// <summary>Folder for bundle, checkpoint images and running sandboxes; made if absent. Several processes may share it.</summary>
    [Required]
    public required string Folder { get; init; }

    /// <summary>gVisor's runtime: a name on the PATH or a file; the variable <c>DYNAHUG_RUNSC</c> names another.</summary>
    public string Runsc { get; init; } = Environment.GetEnvironmentVariable("DYNAHUG_RUNSC") ?? "runsc";

    /// <summary>Python inside the sandbox; comes from the read-only <c>/usr</c> of this machine.</summary>
    public string Python { get; init; } = "/usr/bin/python3";

    /// <summary>Wall time of one load in seconds, lingering included (paper: 120).</summary>
    [Range(1, 3600)]
    public int LoadSeconds { get; init; } = 120;

    /// <summary>How long the loader waits for threads, timers and children that a load leaves behind, in seconds.</summary>
    [Range(0.0, 60.0)]
    public double LingerSeconds { get; init; } = 2.5;

    /// <summary>Memory of a sandbox, gVisor's own included, in MiB.</summary>
    [Range(256, 1 << 20)]
    public int MemoryMiB { get; init; } = 4096;

    /// <summary>Processes and threads of one user inside.</summary>
    [Range(8, 4096)]
    public int Processes { get; init; } = 64;

    /// <summary>Size of <c>/tmp</c> and of the home, each in memory, in MiB.</summary>
    [Range(1, 4096)]
    public int TemporaryMiB { get; init; } = 64;

    /// <summary>Trace points of one load; a load that makes more is ended.</summary>
    [Range(10_000, 100_000_000)]
    public int Events { get; init; } = 1_500_000;

    /// <summary>Bytes of standard output and error together; a load that writes more is ended.</summary>
    [Range(4096, 1 << 30)]
    public int OutputBytes { get; init; } = 8 << 20;
}

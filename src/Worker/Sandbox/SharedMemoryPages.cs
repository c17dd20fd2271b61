namespace DynaHug.Worker.Sandbox;

/// <summary>
/// Does the kernel back shared memory by pages of 64 KB? A sandbox's memory is such memory, every restore fills 140 MB of it, and
/// filling it 4 KB at a time is two fifths of what the kernel does for a scan (docs/performance.md). It is the host's to decide, so it is only told.
/// </summary>
/// <remarks>Linux, Documentation/admin-guide/mm/transhuge.rst, "Shmem / internal tmpfs".</remarks>
internal static class SharedMemoryPages
{
    private const string Settings = "/sys/kernel/mm/transparent_hugepage";
    private const string Ours = "hugepages-64kB/shmem_enabled";

    /// <summary>What the doctor says of it; null where the kernel has no such setting: older ones know huge pages only.</summary>
    public static DoctorCheck? Examine(string settings = Settings)
    {
        if (Chosen(Path.Combine(settings, Ours)) is not { } chosen)
        {
            return null;
        }

        var large = (chosen == "inherit" ? Chosen(Path.Combine(settings, "shmem_enabled")) : chosen) is "always" or "force";
        return new DoctorCheck("shared memory", true, large ? "in pages of 64 KB" : $"in pages of 4 KB; a fifth faster with: echo always > {Path.Combine(settings, Ours)}", "");
    }

    /// <summary>The word in brackets, as in <c>always inherit [never]</c>.</summary>
    private static string? Chosen(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        var text = File.ReadAllText(file);
        var begin = text.IndexOf('[', StringComparison.Ordinal) + 1;
        var end = text.IndexOf(']', StringComparison.Ordinal);
        return begin > 0 && end > begin ? text[begin..end] : "";
    }
}

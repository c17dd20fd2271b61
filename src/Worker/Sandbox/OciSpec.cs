using System.Text.Json;
using System.Text.Json.Serialization;

namespace DynaHug.Worker.Sandbox;

/// <summary>The part of the OCI runtime specification (1.0) that our bundles use; <c>config.json</c> is this record in camelCase.</summary>
internal sealed record OciSpec(
    string OciVersion,
    OciSpec.ProcessSpec Process,
    OciSpec.RootSpec Root,
    string Hostname,
    IReadOnlyList<OciSpec.Mount> Mounts,
    OciSpec.LinuxSpec Linux)
{
    private static readonly JsonSerializerOptions Rules = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Rules);

    /// <param name="Capabilities">None; an empty object says so.</param>
    public sealed record ProcessSpec(
        UserSpec User,
        IReadOnlyList<string> Args,
        IReadOnlyList<string> Env,
        string Cwd,
        CapabilitySpec Capabilities,
        IReadOnlyList<Rlimit> Rlimits,
        bool NoNewPrivileges,
        bool Terminal = false);

    public sealed record UserSpec(int Uid, int Gid);

    public sealed record CapabilitySpec;

    public sealed record Rlimit(string Type, long Hard, long Soft);

    public sealed record RootSpec(string Path, bool Readonly);

    public sealed record Mount(string Destination, string Type, string Source, IReadOnlyList<string>? Options = null);

    public sealed record LinuxSpec(IReadOnlyList<NamespaceSpec> Namespaces, string? CgroupsPath, ResourceSpec? Resources);

    public sealed record NamespaceSpec(string Type);

    public sealed record ResourceSpec(MemorySpec Memory, PidsSpec Pids, CpuSpec Cpu);

    public sealed record MemorySpec(long Limit);

    public sealed record PidsSpec(int Limit);

    /// <param name="Quota">Microseconds of processor time in each period.</param>
    /// <param name="Period">Microseconds.</param>
    public sealed record CpuSpec(long Quota, long Period);
}

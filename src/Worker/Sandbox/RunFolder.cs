namespace DynaHug.Worker.Sandbox;

/// <summary>Where the files of one sandbox are; gone when it has ended.</summary>
/// <param name="Socket">Path of the trace socket.</param>
/// <param name="Cgroup">Control group, should there be one.</param>
internal sealed record RunFolder(string Folder, string Socket, string Cgroup)
{
    /// <summary>Name of the model inside <see cref="Slot"/>; the same for all, since names are hostile.</summary>
    public const string ModelName = "file";

    /// <summary>Name of the container. gVisor makes an abstract socket of it, so it has to be unique on the machine.</summary>
    public string Container => Path.GetFileName(Cgroup);

    /// <summary>Mounted as the model's folder.</summary>
    public string Slot => Path.Combine(Folder, "slot");

    /// <summary>runsc's own state, one a run, so that nothing needs deleting but this.</summary>
    public string State => Path.Combine(Folder, "state");

    public string Config => Path.Combine(Folder, "config.json");

    public string Session => Path.Combine(Folder, "session.json");

    /// <summary>What runsc says of itself.</summary>
    public string Log => Path.Combine(Folder, "runsc.log");
}

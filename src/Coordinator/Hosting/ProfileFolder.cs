using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// Profiles as files, one a task cluster and environment: <c>{folder}/{environment}/{task cluster}.profile</c>. A node leaves its active
/// ones here, and a scan without a cluster takes them from here.
/// </summary>
public sealed class ProfileFolder(string folder)
{
    public void Save(Profile profile)
    {
        var place = Path.Combine(folder, profile.Environment);
        Directory.CreateDirectory(place);
        var unfinished = Path.Combine(place, $".{profile.TaskCluster}.{Environment.ProcessId}");
        using (var file = File.Create(unfinished))
        {
            profile.Save(file);
        }

        File.Move(unfinished, Path.Combine(place, $"{profile.TaskCluster}.profile"), overwrite: true);
    }

    /// <summary>The profiles of an environment; none where the folder holds none.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public IReadOnlyList<Profile> Load(string environment)
    {
        var place = Path.Combine(folder, environment);
        if (!Directory.Exists(place))
        {
            return [];
        }

        return [.. Directory.EnumerateFiles(place, "*.profile").Order(StringComparer.Ordinal).Select(Read)];
    }

    private static Profile Read(string path)
    {
        using var file = File.OpenRead(path);
        return Profile.Load(file);
    }
}

namespace DynaHug.Shared.Tests;

/// <summary>Finds measured data that lies beside the repository, at <c>../shared/data</c> from the folder of DynaHug.sln.</summary>
public static class SharedData
{
    /// <summary>Full path of the file, or null where this machine does not have it.</summary>
    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DynaHug.sln")))
            {
                var path = Path.Combine(folder.FullName, "..", "shared", "data", name);
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }
}

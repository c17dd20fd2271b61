namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>The paper's counts beside the repository, at <c>../shared/data/dynahug-paper</c> from the folder of DynaHug.sln.</summary>
internal static class PaperFolder
{
    /// <summary>Full path; where the machine does not have it the test is skipped and says so.</summary>
    public static string Require()
    {
        var folder = Find();
        Assert.SkipUnless(folder is not null, "the paper's counts are not at ../shared/data/dynahug-paper from the repository");
        return folder!;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DynaHug.sln")))
            {
                var data = Path.Combine(folder.FullName, "..", "shared", "data", "dynahug-paper");
                return Directory.Exists(data) ? data : null;
            }
        }

        return null;
    }
}

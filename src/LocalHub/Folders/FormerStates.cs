using DynaHug.Shared.Hub;

namespace DynaHug.LocalHub.Folders;

/// <summary>What pushes have replaced: kept beside the repos in a folder that is no repo, the last few of each, so that their commits can be had as at a real hub.</summary>
internal static class FormerStates
{
    /// <summary>States of one repo that are kept.</summary>
    public const int Kept = 4;

    private const string Folder = ".former";

    private static readonly EnumerationOptions Direct = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>Folders of a repo's former states, the oldest first.</summary>
    /// <param name="root">The folder that is served.</param>
    public static IReadOnlyList<string> Of(string root, RepoId id) =>
        Path.Combine(root, Folder, id.Value) is var place && Directory.Exists(place) ? [.. Directory.EnumerateDirectories(place, "*", Direct).Order(StringComparer.Ordinal)] : [];

    /// <summary>Takes the folder of a replaced state in; the oldest goes where there are too many.</summary>
    public static void Keep(string root, RepoId id, string replaced, TimeProvider clock)
    {
        var place = Directory.CreateDirectory(Path.Combine(root, Folder, id.Value)).FullName;
        Directory.Move(replaced, Path.Combine(place, $"{clock.GetUtcNow().UtcTicks:D19}"));
        foreach (var oldest in Of(root, id).SkipLast(Kept))
        {
            Directory.Delete(oldest, recursive: true);
        }
    }
}

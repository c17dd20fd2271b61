using System.Runtime.InteropServices;

namespace DynaHug.Worker.Sandbox;

/// <summary>Brings a file to where a sandbox sees it: by a hard link if possible, else by a copy. The original is never changed.</summary>
internal static partial class ModelSlot
{
    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <exception cref="SandboxException">The file cannot be read, or there is no room for a copy.</exception>
    public static void Fill(string slot, string file)
    {
        var target = Path.Combine(slot, RunFolder.ModelName);
        try
        {
            var source = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
            var readable = (File.GetUnixFileMode(source) & UnixFileMode.OtherRead) != 0;
            if (!readable || HardLink(source, target) != 0)
            {
                File.Copy(source, target);
                File.SetUnixFileMode(target, Everyone);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"the file cannot be brought into a sandbox: {failure.Message}", failure);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string added);
}

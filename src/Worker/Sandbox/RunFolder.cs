using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DynaHug.Worker.Sandbox;

/// <summary>The host's side of one sandbox: bundle, state, and the slot with the one file. Gone when the run is over.</summary>
internal sealed partial class RunFolder : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public RunFolder(string parent)
    {
        Id = $"dh-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        Root = Path.Combine(parent, Id);
        Directory.CreateDirectory(State);
        Directory.CreateDirectory(Slot);
        // Unix socket paths end at 107 bytes, however deep the data folder lies.
        Endpoint = Path.Combine(Path.GetTempPath(), $"{Id}.sock");
    }

    public string Id { get; }

    public string Root { get; }

    public string State => Path.Combine(Root, "state");

    public string Slot => Path.Combine(Root, "slot");

    public string Endpoint { get; }

    public string TraceConfig => Path.Combine(Root, "trace.json");

    /// <summary>Puts the file into the slot under a neutral name, by a hard link where everybody may read it, else by a copy.</summary>
    public string Place(string file, string name)
    {
        var place = Path.Combine(Slot, name);
        if (!File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead) || !TryLink(file, place))
        {
            File.Copy(file, place);
            File.SetUnixFileMode(place, ForAll);
        }

        return place;
    }

    public void WriteBundle(string config) => File.WriteAllText(Path.Combine(Root, "config.json"), config);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // The runtime may still let go of its state; the next start sweeps it.
        }
    }

    private static bool TryLink(string file, string place) =>
        Link(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file, place) == 0;

    /// <summary>link(2): 0 when made; fails across file systems.</summary>
    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string made);
}

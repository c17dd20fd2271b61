using System.Formats.Tar;
using DynaHug.Shared.Static.Formats;

namespace DynaHug.Shared.Static.Injection;

/// <summary>A tar; of torch's oldest format, which is one, the member that holds the object.</summary>
internal sealed class TarContainer : IContainer
{
    private const string Object = "pickle";

    public bool Holds(ReadOnlySpan<byte> file) => TarFormat.IsTar(file);

    public byte[]? Injected(byte[] file, Injection injection)
    {
        var entries = Entries(file);
        var members = entries.ConvertAll(entry => (entry.Name, Content: ContentOf(entry)));
        var ofTorch = entries.Exists(entry => entry.Name == Object) && entries.Exists(entry => entry.Name == "storages");
        if (injection.IntoOneOf(members, name => !ofTorch || name == Object) is not { } contents)
        {
            return null;
        }

        using var target = new MemoryStream();
        using (var written = new TarWriter(target, leaveOpen: true))
        {
            foreach (var (entry, content) in entries.Zip(contents))
            {
                entry.DataStream = content.Length == 0 ? null : new MemoryStream(content, writable: false);
                written.WriteEntry(entry);
            }
        }

        return target.ToArray();
    }

    private static List<TarEntry> Entries(byte[] file)
    {
        using var source = new TarReader(new MemoryStream(file, writable: false));
        var entries = new List<TarEntry>();
        while (source.GetNextEntry(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static byte[] ContentOf(TarEntry entry)
    {
        using var content = new MemoryStream();
        entry.DataStream?.CopyTo(content);
        return content.ToArray();
    }
}

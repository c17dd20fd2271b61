namespace DynaHug.Coordinator.Scanning;

/// <summary>A file that Git LFS has put in a content's place (git-lfs, docs/spec.md): the content is not here, and the pointer says nothing of it.</summary>
internal static class LfsPointer
{
    public const string Reason = "a Git LFS pointer: the content is not here; run 'git lfs pull' first";

    private const int Largest = 1024;
    private static readonly byte[] Start = "version https://git-lfs.github.com/spec/v1"u8.ToArray();

    public static bool Is(string file)
    {
        if (new FileInfo(file) is not { Exists: true, LinkTarget: null, Length: < Largest })
        {
            return false;
        }

        using var stream = File.OpenRead(file);
        Span<byte> head = stackalloc byte[Start.Length];
        return stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Start);
    }
}

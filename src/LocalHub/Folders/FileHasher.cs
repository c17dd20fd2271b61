using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace DynaHug.LocalHub.Folders;

/// <summary>Hashes files once: a file of the same place, size and time keeps its hashes.</summary>
internal sealed class FileHasher(long lfsBytes)
{
    /// <summary>Files that model repos keep in LFS, as the .gitattributes which the hub gives a new repo says; readable ones stay plain.</summary>
    private static readonly HashSet<string> LfsExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".7z", ".arrow", ".bin", ".bz2", ".ckpt", ".dat", ".data", ".dill", ".ftz", ".gguf", ".gz", ".h5", ".joblib", ".keras", ".lz4", ".mar", ".mlmodel", ".model",
        ".msgpack", ".nemo", ".npy", ".npz", ".onnx", ".ot", ".parquet", ".pb", ".pickle", ".pkl", ".pt", ".pth", ".rar", ".safetensors", ".tar", ".tflite",
        ".tgz", ".wasm", ".xz", ".zip", ".zst",
    };

    private readonly ConcurrentDictionary<string, ServedFile> known = new(StringComparer.Ordinal);

    /// <exception cref="IOException">The file vanished or changed meanwhile.</exception>
    public async Task<ServedFile> HashAsync(string path, FileInfo info, CancellationToken cancel)
    {
        var changedAt = new DateTimeOffset(info.LastWriteTimeUtc);
        if (known.TryGetValue(info.FullName, out var before) && before.Path == path && before.Size == info.Length && before.ChangedAt == changedAt)
        {
            return before;
        }

        var isLfs = LfsExtensions.Contains(info.Extension) || info.Length >= lfsBytes;
        var (git, sha256) = await ReadAsync(info, cancel);
        var file = isLfs
            ? new ServedFile(path, info.FullName, info.Length, changedAt, GitHash.Of("blob", GitHash.Pointer(sha256, info.Length)), sha256)
            : new ServedFile(path, info.FullName, info.Length, changedAt, git, Sha256: null);
        if (!file.IsUnchanged)
        {
            throw new IOException($"'{info.Name}' changed while it was read");
        }

        known[info.FullName] = file;
        return file;
    }

    public void ForgetAllBut(IReadOnlySet<string> places)
    {
        foreach (var gone in known.Keys.Where(place => !places.Contains(place)).ToList())
        {
            known.TryRemove(gone, out _);
        }
    }

    private static async Task<(string Git, string Sha256)> ReadAsync(FileInfo info, CancellationToken cancel)
    {
        using var git = GitHash.Begin("blob", info.Length);
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var stream = new FileStream(info.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous);
        var buffer = new byte[1 << 18];
        while (await stream.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            git.AppendData(buffer, 0, count);
            sha256.AppendData(buffer, 0, count);
        }

        return (Convert.ToHexStringLower(git.GetHashAndReset()), Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }
}

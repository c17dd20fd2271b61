namespace DynaHug.Shared.Static.Injection;

/// <summary>
/// Puts a payload into a benign model file, as attackers do with popular models: what a detector has to find, for validation and as canaries.
/// Nothing is loaded: the pickle inside is found, and bytes are added. Formats: pickle, joblib and torch's legacy and tar files; zips (torch's, .npz,
/// others), tars and 7z; .npy with objects; gzip, bzip2, zlib, xz, lzma, lz4, zstd; and any of them within another. Total on any bytes, and the same
/// bytes for the same host.
/// </summary>
/// <remarks>
/// TorchScript archives take none: torch's own unpickler in C++ (torch/csrc/jit/serialization/unpickler.cpp) reads their pickles, and it knows classes of
/// the archive and a closed list of functions. Tried with torch 1.13: payloads in data.pkl and constants.pkl, in front, behind and as a stream of their
/// own, were all refused as an unknown type name.
/// </remarks>
public static class Injector
{
    /// <summary>Largest host, and most that all its contents may unpack to, in bytes.</summary>
    public const int MostBytes = 64 << 20;

    /// <returns>The file with the payload, or null where the host is too large, broken, or holds no pickle that it could be put into.</returns>
    public static byte[]? Inject(byte[] host, InjectionMode mode, Payload payload) =>
        host.Length > MostBytes ? null : new Injection(mode, payload.Opcodes).Into(host);
}

using System.Buffers.Binary;
using DynaHug.Shared.Static.Formats;

namespace DynaHug.Shared.Static.Injection;

/// <summary>A .npy file (NEP 1): only behind the header of an array of objects lies a pickle.</summary>
internal sealed class NumpyContainer : IContainer
{
    public bool Holds(ReadOnlySpan<byte> file) => file.StartsWith(NumpyFormat.Magic);

    public byte[]? Injected(byte[] file, Injection injection)
    {
        var wide = file[6] >= 2;
        var header = wide ? BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(8)) : BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        var data = (int)((wide ? 12 : 10) + header);
        return file.AsSpan(0, data).IndexOf("|O'"u8) >= 0 && injection.Into(file[data..]) is { } array ? [.. file[..data], .. array] : null;
    }
}

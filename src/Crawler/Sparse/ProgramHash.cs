using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Crawler.Sparse;

/// <summary>Names a program by what decides its load. Every part goes in with its length, so that no two descriptions are the same bytes.</summary>
internal sealed class ProgramHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ProgramHash(string format, long size)
    {
        Add("dynahug-program/1");
        Add(format);
        Add(size);
    }

    public void Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        hash.AppendData(bytes);
    }

    public void Add(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    public Sha256 Finish() => Sha256.FromBytes(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}

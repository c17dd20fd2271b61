using System.Buffers.Binary;
using System.IO.Compression;
using DynaHug.Worker.Sandbox;
using Shouldly;
using Xunit;

namespace DynaHug.Worker.Tests.Sandbox;

public sealed class CheckpointFileSpecs : IDisposable
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"checkpoint-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(path);

    [Fact]
    public void The_state_is_the_same_and_needs_no_inflating()
    {
        var state = new byte[(3 * 200_000) + 17];
        new Random(7).NextBytes(state.AsSpan(0, 300_000));
        Write(state, chunkBytes: 200_000);

        CheckpointFile.Unfold(path).ShouldBe(state.Length);

        var unfolded = File.ReadAllBytes(path);
        Read(unfolded).ShouldBe(state);
        unfolded.Length.ShouldBeGreaterThan(state.Length, "stored blocks are as long as what they store");
        unfolded.AsSpan().IndexOf(state.AsSpan(1000, 5000)).ShouldBeGreaterThan(0, "the bytes stand there as they are");
    }

    [Fact]
    public void Unfolding_twice_changes_nothing()
    {
        Write(new byte[100_000], chunkBytes: 65_536);
        CheckpointFile.Unfold(path);
        var once = File.ReadAllBytes(path);

        CheckpointFile.Unfold(path);

        File.ReadAllBytes(path).ShouldBe(once);
    }

    public static TheoryData<string> Damages => ["magic", "metadata", "chunk size", "cut", "longer than announced", "not deflate"];

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_is_laid_out_otherwise_is_refused_and_left_alone(string damage)
    {
        Write(new byte[100_000], chunkBytes: damage == "longer than announced" ? 200_000 : 65_536);
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "magic":
                bytes[0] = (byte)'h';
                break;
            case "metadata":
                bytes[8] = 0xFF;
                break;
            case "chunk size":
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChunkSizeAt), 0);
                break;
            case "longer than announced":
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ChunkSizeAt), 1000);
                break;
            case "cut":
                bytes = bytes[..^3];
                break;
            default:
                bytes.AsSpan(ChunkSizeAt + 8).Fill(0xFF);
                break;
        }

        File.WriteAllBytes(path, bytes);

        Should.Throw<InvalidDataException>(() => CheckpointFile.Unfold(path));

        File.ReadAllBytes(path).ShouldBe(bytes);
        File.Exists($"{path}.unfinished").ShouldBeFalse();
    }

    private static readonly byte[] Metadata = "{\"timestamp\":\"now\"}"u8.ToArray();
    private static readonly int ChunkSizeAt = 16 + Metadata.Length + 32;

    private void Write(byte[] state, int chunkBytes)
    {
        using var file = File.Create(path);
        var number = new byte[8];
        file.Write("gVisorSF"u8);
        BinaryPrimitives.WriteInt64BigEndian(number, Metadata.Length);
        file.Write(number);
        file.Write(Metadata);
        file.Write(new byte[32]);
        BinaryPrimitives.WriteInt32BigEndian(number, chunkBytes);
        file.Write(number.AsSpan(0, 4));
        foreach (var chunk in state.Chunk(chunkBytes))
        {
            var folded = new MemoryStream();
            using (var deflate = new DeflateStream(folded, CompressionLevel.Fastest, leaveOpen: true))
            {
                deflate.Write(chunk);
            }

            BinaryPrimitives.WriteInt32BigEndian(number, (int)folded.Length);
            file.Write(number.AsSpan(0, 4));
            file.Write(folded.ToArray());
        }
    }

    private static byte[] Read(byte[] file)
    {
        var state = new MemoryStream();
        for (var at = ChunkSizeAt + 4; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            using var inflate = new DeflateStream(new MemoryStream(file, at + 4, length), CompressionMode.Decompress);
            inflate.CopyTo(state);
            at += 4 + length;
        }

        return state.ToArray();
    }
}

using System.IO.Compression;
using System.Text.Json;
using DynaHug.Shared.Wire;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// A whole run as bytes, for the blob store: one JSON line about the run, then one line an event, compressed with Brotli. Version
/// 1; a reader refuses what it does not know. What is stored can be summarised again without a sandbox.
/// </summary>
public static class TraceArchive
{
    private const int Version = 1;

    /// <summary>Longest archive that is read back, uncompressed: some ten times what a run's event budget allows in practice.</summary>
    private const long MaxBytes = 2L << 30;

    public static byte[] Write(RunRecord run)
    {
        using var packed = new MemoryStream();
        using (var stream = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            WriteLine(stream, new Header(Version, run with { Events = [] }, run.Events.Count));
            foreach (var point in run.Events)
            {
                WriteLine(stream, point);
            }
        }

        return packed.ToArray();
    }

    /// <exception cref="InvalidDataException">Not an archive of this version, or damaged.</exception>
    public static RunRecord Read(Stream packed)
    {
        try
        {
            using var stream = new BrotliStream(packed, CompressionMode.Decompress);
            using var reader = new StreamReader(new BoundedStream(stream, MaxBytes));
            var header = Parse<Header>(reader.ReadLine());
            if (header.Version != Version)
            {
                throw new InvalidDataException($"a trace of version {header.Version}; this program reads version {Version}");
            }

            var events = new List<TraceEvent>();
            while (reader.ReadLine() is { } line)
            {
                events.Add(Parse<TraceEvent>(line));
            }

            return events.Count == header.Events
                ? header.Run with { Events = events }
                : throw new InvalidDataException($"a trace of {header.Events} events ends after {events.Count}");
        }
        catch (JsonException damaged)
        {
            throw new InvalidDataException($"damaged trace: {damaged.Message}", damaged);
        }
        catch (InvalidOperationException damaged)
        {
            throw new InvalidDataException($"damaged trace: {damaged.Message}", damaged);
        }
    }

    private static void WriteLine<T>(Stream stream, T value)
    {
        JsonSerializer.Serialize(stream, value, Json.Options);
        stream.WriteByte((byte)'\n');
    }

    private static T Parse<T>(string? line) =>
        (line is null ? default : JsonSerializer.Deserialize<T>(line, Json.Options)) ?? throw new InvalidDataException("a trace ends too early");

    private sealed record Header(int Version, RunRecord Run, int Events);

    /// <summary>Refuses to give more than a number of bytes: a small archive may unpack to anything.</summary>
    private sealed class BoundedStream(Stream inner, long limit) : Stream
    {
        private long left = limit;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var length = inner.Read(buffer, offset, count);
            left -= length;
            return left >= 0 ? length : throw new InvalidDataException("a trace unpacks to more than is read");
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

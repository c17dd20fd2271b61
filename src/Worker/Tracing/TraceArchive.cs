using System.IO.Compression;
using System.Net;
using System.Text;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// A <see cref="RunRecord"/> as a compressed blob, so that a stored trace can be read again by newer rules without a sandbox.
/// </summary>
/// <remarks>
/// Format 2: the bytes <c>DHT2</c>, then Brotli over: environment, seed of the planted home, dropped, flags, end, exit code, output, errors, report, seconds, number
/// of events, events. Numbers are LEB128, texts are length-prefixed UTF-8 (as by <see cref="BinaryWriter"/>). Reading is bounded: an
/// archive that promises more than <see cref="LargestContent"/> bytes or breaks the format is refused.
/// </remarks>
public static class TraceArchive
{
    /// <summary>Most bytes before compression. Events beyond it are left out and counted as dropped, so that such a trace never passes for complete.</summary>
    public const int LargestContent = 64 << 20;

    /// <summary>First bytes of an archive.</summary>
    public static ReadOnlySpan<byte> Magic => "DHT2"u8;

    public static byte[] Write(RunRecord run) => Write(run, LargestContent - (8 << 20));

    /// <param name="room">Bytes for events before compression.</param>
    internal static byte[] Write(RunRecord run, int room)
    {
        using var events = new MemoryStream();
        using var writer = new BinaryWriter(events, Encoding.UTF8);
        var kept = 0;
        while (kept < run.Events.Count && events.Length < room)
        {
            WriteEvent(writer, run.Events[kept++]);
        }

        using var archive = new MemoryStream();
        archive.Write(Magic);
        using (var brotli = new BrotliStream(archive, CompressionLevel.Optimal, leaveOpen: true))
        using (var head = new BinaryWriter(brotli, Encoding.UTF8))
        {
            WriteHead(head, run, kept);
            head.Flush();
            events.WriteTo(brotli);
        }

        return archive.ToArray();
    }

    /// <param name="mostEvents">Events to read; those beyond count as dropped.</param>
    /// <exception cref="InvalidDataException">No archive of ours, cut short, or larger than ours get.</exception>
    public static RunRecord Read(byte[] archive, int mostEvents = int.MaxValue)
    {
        if (!archive.AsSpan().StartsWith(Magic))
        {
            throw new InvalidDataException("no stored trace: it does not begin with DHT2");
        }

        try
        {
            using var compressed = new MemoryStream(archive, Magic.Length, archive.Length - Magic.Length);
            using var brotli = new BrotliStream(compressed, CompressionMode.Decompress);
            using var reader = new BinaryReader(new MemoryStream(Unpack(brotli)), Encoding.UTF8);
            return ReadRun(reader, mostEvents);
        }
        catch (Exception broken) when (broken is EndOfStreamException or FormatException or IOException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"the stored trace cannot be read: {broken.Message}", broken);
        }
    }

    private static byte[] Unpack(BrotliStream brotli)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        while (brotli.Read(buffer) is > 0 and var length)
        {
            content.Write(buffer, 0, length);
            if (content.Length > LargestContent)
            {
                throw new InvalidDataException($"the stored trace unpacks to more than {LargestContent} bytes");
            }
        }

        return content.ToArray();
    }

    private static void WriteHead(BinaryWriter writer, RunRecord run, int kept)
    {
        writer.Write(run.Environment);
        writer.Write(run.Honey);
        writer.Write7BitEncodedInt64(run.Dropped + run.Events.Count - kept);
        writer.Write(run.EndOfStream);
        writer.Write7BitEncodedInt((int)run.End);
        WriteOptional(writer, run.ExitCode?.ToString());
        writer.Write(run.StandardOutput);
        writer.Write(run.StandardError);
        WriteOptional(writer, run.LoaderReport);
        writer.Write(run.Seconds);
        writer.Write7BitEncodedInt(kept);
    }

    private static RunRecord ReadRun(BinaryReader reader, int mostEvents)
    {
        var environment = reader.ReadString();
        var honey = reader.ReadString();
        var dropped = reader.Read7BitEncodedInt64();
        var endOfStream = reader.ReadBoolean();
        var end = Checked((RunEnd)reader.Read7BitEncodedInt());
        var exitCode = ReadOptional(reader);
        var output = reader.ReadString();
        var errors = reader.ReadString();
        var report = ReadOptional(reader);
        var seconds = reader.ReadDouble();
        var count = reader.Read7BitEncodedInt();
        var events = new List<TraceEvent>();
        for (var index = 0; index < Math.Min(count, mostEvents); index++)
        {
            events.Add(ReadEvent(reader));
        }

        return new RunRecord(environment, honey, events, dropped + count - events.Count, endOfStream, end, exitCode is null ? null : int.Parse(exitCode), output, errors, report, seconds);
    }

    private static void WriteEvent(BinaryWriter writer, TraceEvent happened)
    {
        writer.Write((byte)happened.Point);
        writer.Write7BitEncodedInt(happened.Process);
        writer.Write7BitEncodedInt(happened.Thread);
        writer.Write7BitEncodedInt(happened.Number);
        writer.Write((byte)happened.Arguments.Count);
        foreach (var argument in happened.Arguments)
        {
            writer.Write7BitEncodedInt64((long)argument);
        }

        if (happened.Point == TracePoint.Syscall)
        {
            return;
        }

        writer.Write(happened.Path);
        writer.Write7BitEncodedInt(happened.Argv?.Count ?? -1);
        foreach (var argument in happened.Argv ?? [])
        {
            writer.Write(argument);
        }

        WriteOptional(writer, happened.Address?.ToString());
        writer.Write7BitEncodedInt(happened.AddressFamily);
        writer.Write7BitEncodedInt(happened.Created);
        writer.Write7BitEncodedInt(happened.CreatedProcess);
        writer.Write7BitEncodedInt64(happened.Status);
    }

    private static TraceEvent ReadEvent(BinaryReader reader)
    {
        var point = Checked((TracePoint)reader.ReadByte());
        var process = reader.Read7BitEncodedInt();
        var thread = reader.Read7BitEncodedInt();
        var number = reader.Read7BitEncodedInt();
        var count = reader.ReadByte();
        if (count > CallArguments.Most)
        {
            throw new FormatException($"{count} arguments of a call, which takes at most {CallArguments.Most}");
        }

        Span<ulong> given = stackalloc ulong[count];
        foreach (ref var argument in given)
        {
            argument = (ulong)reader.Read7BitEncodedInt64();
        }

        var arguments = CallArguments.Of(given);

        if (point == TracePoint.Syscall)
        {
            return new TraceEvent(point, process, thread, number, arguments);
        }

        var path = reader.ReadString();
        var argv = ReadArgv(reader);
        var address = ReadOptional(reader) is { } text ? IPEndPoint.Parse(text) : null;
        return new TraceEvent(
            point, process, thread, number, arguments, path, argv, address,
            reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64());
    }

    private static List<string>? ReadArgv(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        if (count < 0)
        {
            return null;
        }

        var argv = new List<string>();
        for (var index = 0; index < count; index++)
        {
            argv.Add(reader.ReadString());
        }

        return argv;
    }

    private static void WriteOptional(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static string? ReadOptional(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    private static T Checked<T>(T value)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new InvalidDataException($"the stored trace holds an unknown {typeof(T).Name} {value}");
}

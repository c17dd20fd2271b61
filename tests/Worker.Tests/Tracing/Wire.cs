using System.Buffers.Binary;
using Google.Protobuf;

namespace DynaHug.Worker.Tests.Tracing;

/// <summary>Writes messages as gVisor's remote sink does, with the protobuf library instead of our reader's own rules.</summary>
internal static class Wire
{
    public const int Syscall = 6;

    public static byte[] Message(int type, Action<CodedOutputStream> content, uint dropped = 0)
    {
        var body = Body(content);
        var message = new byte[8 + body.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(message, 8);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), dropped);
        body.CopyTo(message, 8);
        return message;
    }

    public static byte[] RawCall(int number, params ulong[] arguments) => Message(Syscall, output =>
    {
        Context(output, process: 7, thread: 9);
        Number(output, 4, (ulong)number);
        for (var index = 0; index < arguments.Length; index++)
        {
            Number(output, 5 + index, arguments[index]);
        }
    });

    public static void Context(CodedOutputStream output, int process, int thread, string folder = "") => Bytes(output, 1, Body(context =>
    {
        Number(context, 2, (ulong)thread);
        Number(context, 4, (ulong)process);
        Text(context, 8, folder);
    }));

    public static void Number(CodedOutputStream output, int field, ulong value)
    {
        if (value != 0)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteUInt64(value);
        }
    }

    public static void Text(CodedOutputStream output, int field, string text)
    {
        if (text.Length > 0)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteString(text);
        }
    }

    public static void Bytes(CodedOutputStream output, int field, byte[] bytes)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    private static byte[] Body(Action<CodedOutputStream> content)
    {
        using var memory = new MemoryStream();
        using var output = new CodedOutputStream(memory);
        content(output);
        output.Flush();
        return memory.ToArray();
    }
}

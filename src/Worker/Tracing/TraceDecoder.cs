using System.Buffers.Binary;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// Turns one message of gVisor's remote sink into a <see cref="TraceEvent"/>. A message is an 8-byte little-endian header (header size
/// u16, type u16, dropped count u32) and a protobuf; types and fields are those of gVisor's <c>pkg/sentry/seccheck/points/*.proto</c>.
/// Never throws: what it cannot read is malformed, and the caller counts it as lost.
/// </summary>
internal static class TraceDecoder
{
    public const int HeaderSize = 8;

    private const int MostArguments = 64;
    private const int LongestArgument = 2048;

    private enum Message
    {
        ContainerStart = 1,
        Clone = 2,
        Exec = 3,
        ExitNotifyParent = 4,
        TaskExit = 5,
        Syscall = 6,
        Open = 7,
        Connect = 10,
        Execve = 11,
        Socket = 12,
        Chdir = 13,
        Chroot = 21,
        Bind = 24,
        Last = 34,
    }

    /// <summary>False for a malformed message. A type that we do not know is no event but not malformed either.</summary>
    /// <param name="dropped">Events lost so far, as the sandbox says.</param>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, out TraceEvent? decoded, out long dropped)
    {
        decoded = null;
        dropped = 0;
        if (datagram.Length < HeaderSize)
        {
            return false;
        }

        var headerSize = BinaryPrimitives.ReadUInt16LittleEndian(datagram);
        var type = BinaryPrimitives.ReadUInt16LittleEndian(datagram[2..]);
        if (headerSize < HeaderSize || headerSize > datagram.Length)
        {
            return false;
        }

        dropped = BinaryPrimitives.ReadUInt32LittleEndian(datagram[4..]);
        var content = datagram[headerSize..];
        return (Message)type switch
        {
            Message.Syscall => TrySyscall(content, out decoded),
            >= Message.ContainerStart and <= Message.Last => TryTyped((Message)type, content, out decoded),
            _ => true,
        };
    }

    /// <summary>The hot path: nine of ten events.</summary>
    private static bool TrySyscall(ReadOnlySpan<byte> content, out TraceEvent? decoded)
    {
        decoded = null;
        var reader = new ProtoReader(content);
        var context = default(TaskContext);
        var number = 0;
        Span<ulong> arguments = stackalloc ulong[CallArguments.Most];
        arguments.Clear();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when !context.TryRead(reader.Bytes):
                    return false;
                case 4 when reader.Value > int.MaxValue:
                    return false;
                case 4:
                    number = (int)reader.Value;
                    break;
                case >= 5 and <= 10:
                    arguments[reader.Field - 5] = reader.Value;
                    break;
            }
        }

        decoded = new TraceEvent(TracePoint.Syscall, context.Process, context.Thread, number, CallArguments.Of(arguments));
        return !reader.IsMalformed;
    }

    private static bool TryTyped(Message type, ReadOnlySpan<byte> content, out TraceEvent? decoded)
    {
        decoded = null;
        var reader = new ProtoReader(content);
        var context = default(TaskContext);
        var fields = new ulong[10];
        string path = "", descriptorPath = "";
        var address = new SocketAddress(-1, null, "");
        List<string>? argv = null;
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                if (!context.TryRead(reader.Bytes))
                {
                    return false;
                }
            }
            else if (reader.Field == PathFieldOf(type))
            {
                path = reader.Text(SandboxPath.Longest);
            }
            else if (reader.Field == 5 && HasDescriptorPath(type))
            {
                descriptorPath = reader.Text(SandboxPath.Longest);
            }
            else if (reader.Field == ArgvFieldOf(type) && (argv ??= []).Count < MostArguments)
            {
                argv.Add(reader.Text(LongestArgument));
            }
            else if (reader.Field == 6 && type is Message.Connect or Message.Bind)
            {
                address = SocketAddress.Read(reader.Bytes);
            }
            else if (reader.Field < fields.Length)
            {
                fields[reader.Field] = reader.Value;
            }
        }

        var folder = descriptorPath.Length > 0 ? descriptorPath : context.Folder ?? "";
        decoded = Of(type, context, fields, SandboxPath.Resolve(folder, path), argv, address);
        return !reader.IsMalformed;
    }

    private static TraceEvent Of(Message type, TaskContext context, ulong[] fields, string path, List<string>? argv, SocketAddress address)
    {
        var isSyscall = type > Message.Syscall;
        var plain = new TraceEvent(TracePoint.OtherTyped, context.Process, context.Thread, isSyscall ? (int)(fields[3] & 0xFFFF) : -1, [], path, argv);
        return type switch
        {
            Message.ContainerStart => plain with { Point = TracePoint.ContainerStart },
            Message.Clone => plain with { Point = TracePoint.Clone, Created = (int)fields[3], CreatedProcess = (int)fields[4] },
            Message.Exec => plain with { Point = TracePoint.Exec },
            Message.ExitNotifyParent => plain with { Point = TracePoint.ExitNotifyParent, Status = (int)fields[2] },
            Message.TaskExit => plain with { Point = TracePoint.TaskExit, Status = (int)fields[2] },
            Message.Open => plain with { Point = TracePoint.Open, Status = (uint)fields[7], Arguments = [fields[7], fields[8]] },
            Message.Execve => plain with { Point = TracePoint.ExecAttempt, Status = (uint)fields[9] },
            Message.Socket => plain with { Point = TracePoint.Socket, AddressFamily = (int)fields[4], Arguments = CallArguments.Of(fields.AsSpan(4, 3)) },
            Message.Connect or Message.Bind => plain with
            {
                Point = type == Message.Connect ? TracePoint.Connect : TracePoint.Bind,
                Address = address.Address,
                AddressFamily = address.Family,
                Path = address.Path,
            },
            _ => plain with { Arguments = CallArguments.Of(fields.AsSpan(4, 6)) },
        };
    }

    private static int PathFieldOf(Message type) => type switch
    {
        Message.Exec => 2,
        Message.Open or Message.Execve or Message.Chdir => 6,
        Message.Chroot => 4,
        _ => -1,
    };

    private static int ArgvFieldOf(Message type) => type switch
    {
        Message.Exec => 3,
        Message.ContainerStart => 4,
        Message.Execve => 7,
        _ => -1,
    };

    private static bool HasDescriptorPath(Message type) => type is Message.Open or Message.Execve or Message.Chdir;

    /// <summary>Who did it: gVisor's <c>ContextData</c>.</summary>
    private struct TaskContext
    {
        public int Process;
        public int Thread;
        public string? Folder;

        public bool TryRead(ReadOnlySpan<byte> content)
        {
            var reader = new ProtoReader(content);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 2:
                        Thread = (int)reader.Value;
                        break;
                    case 4:
                        Process = (int)reader.Value;
                        break;
                    case 8:
                        Folder = reader.Text(SandboxPath.Longest);
                        break;
                }
            }

            return !reader.IsMalformed;
        }
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using DynaHug.Worker.Tracing;

namespace DynaHug.Benchmarks.Sandbox;

/// <summary>What the receiver of trace points costs for each: a million raw system calls, as gVisor words them, from a socket into a list of events.</summary>
internal static class ReceiverCosts
{
    private const int Messages = 1_000_000;

    /// <summary>A message of type 6: context (process 7, thread 9), number 262, six arguments as pointers and flags are.</summary>
    private static readonly byte[] Call = Message([0x0A, 4, 0x10, 9, 0x20, 7, 0x20, 0x86, 2, .. Argument(5), .. Argument(6), .. Argument(7), .. Argument(8), .. Argument(9), .. Argument(10)]);

    public static void Run()
    {
        Console.WriteLine($"{"run",4}{"µs CPU an event",18}{"of it the receive call alone",30}");
        for (var run = 1; run <= 5; run++)
        {
            Console.WriteLine(FormattableString.Invariant($"{run,4}{Whole() * 1e3 / Messages,18:0.00}{Bare() * 1e3 / Messages,30:0.00}"));
        }
    }

    /// <summary>Milliseconds of everything but the sender.</summary>
    private static double Whole()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dynahug-bench-{Environment.ProcessId}");
        using var sink = new TraceSink(path, Messages + 1);
        sink.Start();
        var before = ProcessorTime.OfSelf();
        var sender = Send(path);
        var end = sink.Stopped.GetAwaiter().GetResult();
        var spent = ProcessorTime.OfSelf() - before - sender.GetAwaiter().GetResult();
        return end == SinkEnd.EndOfStream && sink.Events.Count == Messages && sink.Dropped == 0
            ? spent
            : throw new InvalidOperationException($"{sink.Events.Count} of {Messages} events came, then {end}");
    }

    /// <summary>The same messages received into one buffer and forgotten.</summary>
    private static double Bare()
    {
        var path = Path.Combine(Path.GetTempPath(), $"dynahug-bench-{Environment.ProcessId}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var sender = Send(path);
        using var peer = listener.Accept();
        var buffer = new byte[4096];
        peer.Receive(buffer);
        peer.Send([0x08, 0x01]);
        var before = ProcessorTime.OfThread();
        while (peer.Receive(buffer) > 0)
        {
        }

        _ = sender.GetAwaiter().GetResult();
        File.Delete(path);
        return ProcessorTime.OfThread() - before;
    }

    /// <returns>Milliseconds that the sending took.</returns>
    private static Task<double> Send(string path)
    {
        var spent = new TaskCompletionSource<double>();
        new Thread(() =>
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send([0x08, 0x01]);
            socket.Receive(new byte[16]);
            for (var sent = 0; sent < Messages; sent++)
            {
                socket.Send(Call);
            }

            socket.Close();
            spent.SetResult(ProcessorTime.OfThread());
        }).Start();
        return spent.Task;
    }

    private static byte[] Message(byte[] content)
    {
        var message = new byte[8 + content.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(message, 8);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), 6);
        content.CopyTo(message, 8);
        return message;
    }

    private static byte[] Argument(int field) => [(byte)(field << 3), 0xF0, 0xEF, 0xDF, 0xBF, 0xFF, 0x7F];
}

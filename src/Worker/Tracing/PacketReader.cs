using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// Takes packets off a SOCK_SEQPACKET socket, as many as are there by one call (recvmmsg(2)): a call for each costs more than everything
/// that is then done with it. The socket must be blocking; packets longer than the buffer are told, not cut silently.
/// </summary>
internal sealed unsafe partial class PacketReader : IDisposable
{
    private const int Batch = 32;
    private const int WaitForOne = 0x10000;
    private const int Truncated = 0x20;
    private const int Interrupted = 4;

    private readonly Socket socket;
    private readonly int largest;
    private readonly byte* buffers;
    private readonly Vector* vectors;
    private readonly Header* headers;
    private int next;
    private int there;

    /// <param name="largest">Bytes of the largest packet; memory for a batch of such is only taken up as far as packets fill it.</param>
    public PacketReader(Socket socket, int largest)
    {
        this.socket = socket;
        this.largest = largest;
        buffers = (byte*)NativeMemory.Alloc((nuint)(Batch * (long)largest));
        vectors = (Vector*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Vector));
        headers = (Header*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Header));
        for (var index = 0; index < Batch; index++)
        {
            vectors[index] = new Vector { Base = buffers + (index * (long)largest), Length = (nuint)largest };
            headers[index].Vectors = vectors + index;
            headers[index].VectorCount = 1;
        }
    }

    /// <summary>The next packet; empty at the end of the stream. Valid until the next call.</summary>
    /// <param name="whole">False where the packet was longer than the buffer.</param>
    /// <exception cref="SocketException">The socket failed.</exception>
    public ReadOnlySpan<byte> Next(out bool whole)
    {
        if (next == there)
        {
            there = Receive();
            next = 0;
        }

        var at = next++;
        whole = (headers[at].Flags & Truncated) == 0;
        return new ReadOnlySpan<byte>(vectors[at].Base, (int)Math.Min(headers[at].Received, (uint)largest));
    }

    public void Dispose()
    {
        NativeMemory.Free(headers);
        NativeMemory.Free(vectors);
        NativeMemory.Free(buffers);
    }

    private int Receive()
    {
        while (true)
        {
            var count = ReceiveMany((int)socket.SafeHandle.DangerousGetHandle(), headers, Batch, WaitForOne, null);
            if (count > 0)
            {
                return count;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                throw new SocketException(error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    private static partial int ReceiveMany(int socket, Header* headers, uint count, int flags, void* timeout);

    /// <summary>struct iovec.</summary>
    private struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct mmsghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int gap;
        public uint Received;
        private readonly uint end;
    }
}

using System.Runtime.InteropServices;

namespace DynaHug.Benchmarks.Sandbox;

/// <summary>Processor time as the kernel accounts for it (getrusage(2)).</summary>
internal static partial class ProcessorTime
{
    private const int Self = 0;
    private const int Children = -1;
    private const int Thread = 1;

    /// <summary>Milliseconds of this process and of all that it or its children have waited for: whole trees of processes, once they have ended.</summary>
    public static double OfTree() => Milliseconds(Self) + Milliseconds(Children);

    /// <summary>Milliseconds of this process alone.</summary>
    public static double OfSelf() => Milliseconds(Self);

    /// <summary>Milliseconds of the calling thread.</summary>
    public static double OfThread() => Milliseconds(Thread);

    private static double Milliseconds(int who)
    {
        _ = GetUsage(who, out var usage);
        return ((usage.UserSeconds + usage.SystemSeconds) * 1e3) + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e3);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
        private unsafe fixed long rest[14];
    }
}

using System.Net;
using CsCheck;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Tracing;

public sealed class TraceArchiveSpecs
{
    private static readonly RunRecord Run = new(
        "gvisor-1-torch-2-abc",
        "0123456789abcdef",
        [
            new TraceEvent(TracePoint.ContainerStart, 1, 1, -1, [], Argv: ["/usr/bin/python3", "-s"]),
            new TraceEvent(TracePoint.Syscall, 1, 1, 121, [0x5AFE, 0, ulong.MaxValue, 1, 2, 3]),
            new TraceEvent(TracePoint.Open, 1, 2, 257, [0x241, 0x1B6], "/home/user/.aws/credentials", Status: 0x241),
            new TraceEvent(TracePoint.Connect, 3, 3, 42, [], Address: IPEndPoint.Parse("[2001:db8::1]:443"), AddressFamily: 10),
            new TraceEvent(TracePoint.ExecAttempt, 3, 3, 59, [], "/bin/sh", ["sh", "-c", "id \u00e9\ud83d\ude00"]),
            new TraceEvent(TracePoint.Clone, 1, 1, -1, [], Created: 5, CreatedProcess: 5),
            new TraceEvent(TracePoint.TaskExit, 1, 1, -1, [], Status: -9),
        ],
        Dropped: 0,
        EndOfStream: true,
        RunEnd.Exited,
        ExitCode: 1,
        "out",
        "err",
        """{"outcome":"loaded"}""",
        1.25);

    [Fact]
    public void Gives_back_what_was_written()
    {
        var read = TraceArchive.Read(TraceArchive.Write(Run));

        (read with { Events = Run.Events }).ShouldBe(Run);
        read.Events.Count.ShouldBe(Run.Events.Count);
        foreach (var (actual, expected) in read.Events.Zip(Run.Events))
        {
            actual.Arguments.ShouldBe(expected.Arguments);
            (actual.Argv ?? []).ShouldBe(expected.Argv ?? []);
            (actual with { Arguments = expected.Arguments, Argv = expected.Argv }).ShouldBe(expected);
        }
    }

    [Fact]
    public void Keeps_a_killed_run_without_code_and_report()
    {
        var killed = Run with { End = RunEnd.TimedOut, ExitCode = null, LoaderReport = null, EndOfStream = false };

        var read = TraceArchive.Read(TraceArchive.Write(killed));

        (read.End, read.ExitCode, read.LoaderReport, read.EndOfStream).ShouldBe((RunEnd.TimedOut, null, null, false));
    }

    [Fact]
    public void Counts_events_that_found_no_room_as_dropped()
    {
        var read = TraceArchive.Read(TraceArchive.Write(Run, room: 20));

        read.Events.Count.ShouldBeLessThan(Run.Events.Count);
        (read.Events.Count + read.Dropped).ShouldBe(Run.Events.Count);
    }

    [Fact]
    public void Refuses_every_truncation()
    {
        var archive = TraceArchive.Write(Run);
        for (var length = 0; length < archive.Length; length++)
        {
            var cut = archive[..length];
            Should.Throw<InvalidDataException>(() => TraceArchive.Read(cut), $"length {length}");
        }
    }

    [Fact]
    public void Survives_flipped_bits_and_noise()
    {
        var archive = TraceArchive.Write(Run);
        Gen.Select(Gen.Int[4, archive.Length - 1], Gen.Byte).Sample((at, noise) =>
        {
            var damaged = (byte[])archive.Clone();
            damaged[at] ^= noise;
            return ReadsOrRefuses(damaged);
        });
        Gen.Byte.Array[0, 200].Sample(noise => ReadsOrRefuses([.. "DHT2"u8, .. noise]));
    }

    private static bool ReadsOrRefuses(byte[] archive)
    {
        try
        {
            return TraceArchive.Read(archive) is not null;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }
}

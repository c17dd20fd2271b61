using System.Net;
using CsCheck;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Tracing;

public sealed class TraceDecoderSpecs
{
    [Fact]
    public void Reads_a_raw_call_with_its_task_and_arguments()
    {
        var happened = Decode(Wire.RawCall(121, 0x5AFE, 0, ulong.MaxValue));

        happened.ShouldSatisfyAllConditions(
            () => happened.Point.ShouldBe(TracePoint.Syscall),
            () => happened.Number.ShouldBe(121),
            () => happened.Process.ShouldBe(7),
            () => happened.Thread.ShouldBe(9),
            () => happened.Arguments.ShouldBe([0x5AFE, 0, ulong.MaxValue, 0, 0, 0]));
    }

    [Fact]
    public void Reads_an_absent_number_as_read() => Decode(Wire.RawCall(0)).Number.ShouldBe(0);

    [Theory]
    [InlineData("/home/user", "", ".ssh/id_rsa", "/home/user/.ssh/id_rsa")]
    [InlineData("/home/user/.ssh", "", "../.aws//./credentials", "/home/user/.aws/credentials")]
    [InlineData("/tmp", "/etc", "passwd", "/etc/passwd")]
    [InlineData("/tmp", "", "/../../etc/passwd", "/etc/passwd")]
    [InlineData("", "", "passwd", "passwd")]
    [InlineData("/tmp", "", "", "")]
    public void Resolves_the_path_of_an_open(string workingFolder, string descriptorPath, string path, string expected)
    {
        var happened = Decode(Wire.Message(7, output =>
        {
            Wire.Context(output, 1, 1, workingFolder);
            Wire.Number(output, 3, 257);
            Wire.Text(output, 5, descriptorPath);
            Wire.Text(output, 6, path);
            Wire.Number(output, 7, 0x241);
        }));

        happened.Point.ShouldBe(TracePoint.Open);
        happened.Number.ShouldBe(257);
        happened.Path.ShouldBe(expected);
        happened.Status.ShouldBe(0x241);
    }

    [Fact]
    public void Bounds_the_arguments_of_an_exec()
    {
        var happened = Decode(Wire.Message(11, output =>
        {
            Wire.Context(output, 1, 1);
            Wire.Text(output, 6, "/bin/sh");
            for (var index = 0; index < 1000; index++)
            {
                Wire.Text(output, 7, new string('x', 10_000));
            }
        }));

        happened.Point.ShouldBe(TracePoint.ExecAttempt);
        happened.Argv!.Count.ShouldBe(64);
        happened.Argv.ShouldAllBe(argument => argument.Length <= 2048);
    }

    [Theory]
    [InlineData("02001F90C0000207", "192.0.2.7:8080", 2, "")]
    [InlineData("0A0001BB0000000020010DB800000000000000000000000100000000", "[2001:db8::1]:443", 10, "")]
    [InlineData("01002F72756E2F782E736F636B00FFFF", null, 1, "/run/x.sock")]
    [InlineData("010000686964646E", null, 1, "@hiddn")]
    [InlineData("0200", null, 2, "")]
    [InlineData("02", null, -1, "")]
    [InlineData("", null, -1, "")]
    public void Reads_socket_addresses_of_any_length(string hex, string? address, int family, string path)
    {
        var happened = Decode(Wire.Message(10, output => Wire.Bytes(output, 6, Convert.FromHexString(hex))));

        happened.Address.ShouldBe(address is null ? null : IPEndPoint.Parse(address));
        happened.AddressFamily.ShouldBe(family);
        happened.Path.ShouldBe(path);
    }

    [Fact]
    public void Reads_who_was_made_by_a_clone()
    {
        var happened = Decode(Wire.Message(2, output =>
        {
            Wire.Context(output, 1, 1);
            Wire.Number(output, 3, 12);
            Wire.Number(output, 4, 12);
        }));

        (happened.Point, happened.Created, happened.CreatedProcess, happened.Number).ShouldBe((TracePoint.Clone, 12, 12, -1));
    }

    [Fact]
    public void Tells_how_many_events_were_dropped()
    {
        TraceDecoder.TryDecode(Wire.Message(5, _ => { }, dropped: 17), out _, out var dropped).ShouldBeTrue();

        dropped.ShouldBe(17);
    }

    [Fact]
    public void Passes_over_a_type_that_it_does_not_know()
    {
        TraceDecoder.TryDecode(Wire.Message(4711, _ => { }), out var decoded, out _).ShouldBeTrue();

        decoded.ShouldBeNull();
    }

    [Fact]
    public void Calls_every_truncation_within_a_field_malformed()
    {
        var whole = Wire.Message(7, output => Wire.Text(output, 6, new string('p', 300)));
        for (var length = 0; length < whole.Length; length++)
        {
            TraceDecoder.TryDecode(whole.AsSpan(0, length), out _, out _).ShouldBe(length == TraceDecoder.HeaderSize, $"length {length}");
        }
    }

    [Fact]
    public void Survives_random_bytes_behind_every_type() =>
        Gen.Select(Gen.Int[0, 40], Gen.Byte.Array[0, 400]).Sample((type, noise) =>
        {
            var message = Wire.Message(type, _ => { }).Concat(noise).ToArray();
            var read = TraceDecoder.TryDecode(message, out var decoded, out _);
            return !read || decoded is null || decoded.Path.Length <= SandboxPath.Longest;
        });

    [Fact]
    public void Survives_random_datagrams() => Gen.Byte.Array[0, 100].Sample(noise =>
    {
        TraceDecoder.TryDecode(noise, out _, out _);
        return true;
    });

    private static TraceEvent Decode(byte[] message)
    {
        TraceDecoder.TryDecode(message, out var decoded, out _).ShouldBeTrue();
        return decoded.ShouldNotBeNull();
    }
}

using System.Text;
using DynaHug.Shared.Static.Injection;
using static DynaHug.Shared.Tests.Static.InjectorHosts;

namespace DynaHug.Shared.Tests.Static;

/// <summary>What the injector writes, read by other means; that it runs is for the sandbox to show.</summary>
public sealed class InjectorSpecs
{
    private static readonly Payload Shell = Payload.All.Single(payload => payload.Name == "shell");

    public static TheoryData<string, InjectionMode> Hosts => new(
        from host in Names
        from mode in Enum.GetValues<InjectionMode>()
        select (host, mode));

    public static TheoryData<string> Containers => [.. Names];

    [Fact]
    public void Puts_the_opcodes_where_the_mode_says()
    {
        var payload = new Payload("call", "cm\nf\n(tR0"u8.ToArray());
        byte[] host = [0x80, 4, (byte)'N', (byte)'.'];

        Text(Injector.Inject(host, InjectionMode.Before, payload)!).ShouldBe("\u0080\u0004cm\nf\n(tR0N.");
        Text(Injector.Inject(host, InjectionMode.After, payload)!).ShouldBe("\u0080\u0004Ncm\nf\n(tR0.");
        Text(Injector.Inject(host, InjectionMode.Stacked, payload)!).ShouldBe("\u0080\u0002cm\nf\n(tR0N.\u0080\u0004N.");
        Text(Injector.Inject(host, InjectionMode.Nested, payload)!).ShouldBe("\u0080\u0004c_pickle\nloads\n(B\u000b\0\0\0cm\nf\n(tR0N.tR0N.");
    }

    [Fact]
    public void Every_payload_comes_in_every_place_once_in_its_turns()
    {
        var turns = Enumerable.Range(0, 32).Select(InjectionTurns.Of).ToList();

        turns.Distinct().Count().ShouldBe(32);
        turns.Zip(turns.Skip(1)).ShouldAllBe(pair => pair.First.Payload != pair.Second.Payload && pair.First.Mode != pair.Second.Mode);
    }

    [Fact]
    public void Hosts_of_every_format_take_turns() =>
        InjectionTurns.Of(["pickle b", "zip a", "pickle a", "pickle c", "zip b"], host => host.Split(' ')[0], host => host)
            .ShouldBe(["pickle a", "zip a", "pickle b", "zip b", "pickle c"]);

    [Fact]
    public void A_frame_that_reaches_to_the_end_grows_with_what_is_put_into_it() =>
        Injector.Inject(Framed, InjectionMode.After, new Payload("nothing", "N0"u8.ToArray()))!.ShouldBe(Bytes.Of(0x80, 4, 0x95, Bytes.Int64(4), "NN0."));

    [Fact]
    public void Numbers_between_the_opcodes_of_joblib_are_no_end() =>
        Injector.Inject(JoblibOfStops, InjectionMode.After, new Payload("nothing", "N0"u8.ToArray()))!.ShouldBe([.. JoblibOfStops[..^1], .. "N0."u8]);

    [Theory]
    [MemberData(nameof(Hosts))]
    public void What_is_within_is_what_the_injected_pickle_would_be(string container, InjectionMode mode)
    {
        var injected = Injector.Inject(Of(container), mode, Shell).ShouldNotBeNull();

        Unpacked(container, injected).ShouldBe(Injector.Inject(Framed, mode, Shell));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void The_format_stays_and_the_call_shows(string container)
    {
        var before = Bytes.Read(Of(container));
        var after = Bytes.Read(Injector.Inject(Of(container), InjectionMode.Before, Shell)!);

        after.Format.ShouldBe(before.Format);
        after.Structure.Members.ShouldBe(before.Structure.Members);
        if (before.Structure.Pickles > 0)
        {
            after.Findings.ShouldContain(finding => finding.Evidence.Contains("system", StringComparison.Ordinal));
        }
        else
        {
            after.Findings.ShouldBe(before.Findings); // opened by the loader only, and static reading says so
        }
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void The_same_host_gives_the_same_file(string container) =>
        Injector.Inject(Of(container), InjectionMode.After, Shell)!.ShouldBe(Injector.Inject(Of(container), InjectionMode.After, Shell));

    [Fact]
    public void Stored_members_begin_where_torch_would_have_them_begin()
    {
        var injected = Injector.Inject(Of("torch-zip"), InjectionMode.Before, Payload.All[0])!;

        var storage = Text(injected).IndexOf("0123456789abcdef", StringComparison.Ordinal);
        storage.ShouldBeGreaterThan(0);
        (storage % 64).ShouldBe(0);
        NamesInZip(injected).ShouldBe(["archive/data.pkl", "archive/data/0", "archive/version"]);
    }

    [Fact]
    public void Members_beside_the_pickle_stay_as_they_are()
    {
        var (before, after) = (Tar(Of("tar")), Tar(Injector.Inject(Of("tar"), InjectionMode.Before, Shell)!));

        after.Select(entry => (entry.Name, entry.Mode, entry.ModificationTime)).ShouldBe(before.Select(entry => (entry.Name, entry.Mode, entry.ModificationTime)));
        after.Select(entry => entry.DataStream!.Length > Framed.Length).ShouldBe([false, true, false]);
    }

    [Fact]
    public void Of_a_torch_tar_it_is_the_object_that_takes_the_payload()
    {
        var entries = Tar(Injector.Inject(TarOf(("storages", Framed), ("tensors", Framed), ("pickle", Framed)), InjectionMode.Before, Shell)!);

        entries.Select(entry => entry.DataStream!.Length > Framed.Length).ShouldBe([false, false, true]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("(a text. that begins like a pickle)")]
    [InlineData("\x1f\x8b broken")]
    [InlineData("PK\x03\x04 broken")]
    [InlineData("BZh broken")]
    [InlineData("\x93NUMPY")]
    [InlineData("]\0\0\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0")]
    public void Refuses_what_holds_no_pickle(string content) => Injector.Inject(Encoding.Latin1.GetBytes(content), InjectionMode.After, Payload.All[0]).ShouldBeNull();

    /// <summary>torch's own unpickler refuses foreign calls, so that no payload runs there.</summary>
    [Fact]
    public void Refuses_torchscript() =>
        Injector.Inject(Bytes.Zip(("m/data.pkl", Framed), ("m/code/m.py", []), ("m/constants.pkl", Framed)), InjectionMode.Before, Shell).ShouldBeNull();

    [Fact]
    public void Refuses_what_lies_deeper_than_the_loader_looks()
    {
        var nested = Framed;
        for (var depth = 1; depth <= 6; depth++)
        {
            nested = Bytes.Zip(("inner", nested));
            (Injector.Inject(nested, InjectionMode.Before, Shell) is not null).ShouldBe(depth <= 5, $"{depth} deep");
        }
    }

    [Fact]
    public void Refuses_what_unpacks_to_too_much() =>
        Injector.Inject(Bytes.Zip(("a", Framed), ("b", new byte[Injector.MostBytes])), InjectionMode.Before, Shell).ShouldBeNull();

    [Theory]
    [MemberData(nameof(Containers))]
    public void Takes_any_bytes(string container)
    {
        var random = new Random(7);
        for (var turn = 0; turn < 200; turn++)
        {
            var host = Of(container)[..];
            for (var change = 0; change < 3; change++)
            {
                host[random.Next(host.Length)] = (byte)random.Next(256);
            }

            host = turn % 3 == 0 ? host[..random.Next(host.Length)] : host;
            Should.NotThrow(() => Injector.Inject(host, (InjectionMode)(turn % 4), Payload.All[turn % 8]));
        }
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}

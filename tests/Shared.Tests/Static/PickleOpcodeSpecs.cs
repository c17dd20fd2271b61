using DynaHug.Shared.Static.Pickles;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

/// <summary>Each opcode of protocols 0–5, in the smallest stream that has it, and what the symbolic machine makes of it.</summary>
public sealed class PickleOpcodeSpecs
{
    private static readonly byte[] Number = Of("K", 5);

    public static TheoryData<string, byte[], string> Streams => new()
    {
        { "INT", Of("I12\n."), "12" },
        { "INT", Of("I01\n."), "True" },
        { "BININT", Of("J", Int32(-7), "."), "-7" },
        { "BININT1", Of("K", 200, "."), "200" },
        { "BININT2", Of("M", 1, 2, "."), "513" },
        { "LONG", Of("L-12L\n."), "-12" },
        { "LONG1", Of(0x8a, 2, 0, 0x80, "."), "-32768" },
        { "LONG4", Of(0x8b, Int32(3), 1, 0, 1, "."), "65537" },
        { "STRING", Of("S'a\\n\\x41'\n."), "\"a\nA\"" },
        { "BINSTRING", Of("T", Int32(2), "ab."), "\"ab\"" },
        { "SHORT_BINSTRING", Of("U", 2, "ab."), "\"ab\"" },
        { "BINBYTES", Of("B", Int32(2), "ab."), "b\"ab\"" },
        { "SHORT_BINBYTES", Of("C", 2, "a", 0xff, "."), "b\"a\\xff\"" },
        { "BINBYTES8", Of(0x8e, Int64(2), "ab."), "b\"ab\"" },
        { "BYTEARRAY8", Of(0x96, Int64(2), "ab."), "b\"ab\"" },
        { "NEXT_BUFFER", Of(0x97, "."), "?" },
        { "READONLY_BUFFER", Of(0x97, 0x98, "."), "?" },
        { "NONE", Of("N."), "None" },
        { "NEWTRUE", Of(0x88, "."), "True" },
        { "NEWFALSE", Of(0x89, "."), "False" },
        { "UNICODE", Of("Va\\u00e4\n."), "\"aä\"" },
        { "SHORT_BINUNICODE", Of(0x8c, 2, "ab."), "\"ab\"" },
        { "BINUNICODE", Of("X", Int32(2), "ab."), "\"ab\"" },
        { "BINUNICODE8", Of(0x8d, Int64(2), "ab."), "\"ab\"" },
        { "FLOAT", Of("F1.5\n."), "1.5" },
        { "BINFLOAT", Of("G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, "."), "1.5" },
        { "EMPTY_LIST", Of("]."), "[]" },
        { "APPEND", Of("]", Number, "a."), "[5]" },
        { "APPENDS", Of("](", Number, Number, "e."), "[5, 5]" },
        { "LIST", Of("(", Number, "l."), "[5]" },
        { "EMPTY_TUPLE", Of(")."), "()" },
        { "TUPLE", Of("(", Number, "t."), "(5)" },
        { "TUPLE1", Of(Number, 0x85, "."), "(5)" },
        { "TUPLE2", Of("N", Number, 0x86, "."), "(None, 5)" },
        { "TUPLE3", Of("NN", Number, 0x87, "."), "(None, None, 5)" },
        { "EMPTY_DICT", Of("}."), "{}" },
        { "DICT", Of("(N", Number, "d."), "{None: 5}" },
        { "SETITEM", Of("}N", Number, "s."), "{None: 5}" },
        { "SETITEMS", Of("}(N", Number, "u."), "{None: 5}" },
        { "EMPTY_SET", Of(0x8f, "."), "{}" },
        { "ADDITEMS", Of(0x8f, "(", Number, 0x90, "."), "{5}" },
        { "FROZENSET", Of("(", Number, 0x91, "."), "{5}" },
        { "POP", Of("N", Number, "0."), "None" },
        { "POP", Of("N(0."), "None" },
        { "DUP", Of("N2", 0x86, "."), "(None, None)" },
        { "MARK", Of("(t."), "()" },
        { "POP_MARK", Of("N(", Number, "1."), "None" },
        { "GET", Of("Np3\n0g3\n."), "None" },
        { "BINGET", Of("Nq", 3, "0h", 3, "."), "None" },
        { "LONG_BINGET", Of("Nr", Int32(70000), "0j", Int32(70000), "."), "None" },
        { "PUT", Of("Np3\n."), "None" },
        { "BINPUT", Of("Nq", 3, "."), "None" },
        { "LONG_BINPUT", Of("Nr", Int32(3), "."), "None" },
        { "MEMOIZE", Of("N", 0x94, "0h", 0, "."), "None" },
        { "EXT1", Of(0x82, 9, "."), "extension(9)" },
        { "EXT2", Of(0x83, 9, 1, "."), "extension(265)" },
        { "EXT4", Of(0x84, Int32(9), "."), "extension(9)" },
        { "GLOBAL", Of("ctorch\nSize\n."), "torch.Size" },
        { "STACK_GLOBAL", Of(Text("torch"), Text("Size"), 0x93, "."), "torch.Size" },
        { "REDUCE", Of("ctorch\nSize\n", Number, 0x85, "R."), "torch.Size(5)" },
        { "BUILD", Of("ctorch\nSize\n)R}b."), "torch.Size()" },
        { "INST", Of("(", Number, "itorch\nSize\n."), "torch.Size(5)" },
        { "OBJ", Of("(ctorch\nSize\n", Number, "o."), "torch.Size(5)" },
        { "NEWOBJ", Of("ctorch\nSize\n", Number, 0x85, 0x81, "."), "torch.Size(5)" },
        { "NEWOBJ_EX", Of("ctorch\nSize\n", Number, 0x85, "}", 0x92, "."), "torch.Size(5)" },
        { "PROTO", Of(0x80, 4, "N."), "None" },
        { "STOP", Of("N."), "None" },
        { "FRAME", Of(0x95, Int64(2), "N."), "None" },
        { "PERSID", Of("Pweights\n."), "persistent(\"weights\")" },
        { "BINPERSID", Of(Text("weights"), "Q."), "persistent(\"weights\")" },
    };

    [Theory]
    [MemberData(nameof(Streams))]
    public void Reads_and_follows_every_opcode(string opcode, byte[] stream, string result)
    {
        Instructions(stream).Select(step => step.OpcodeName).ShouldContain(opcode);
        var run = Run(stream);
        run.Stopped.ShouldBeTrue(run.Problem);
        run.Fault.ShouldBeNull();
        run.Result!.Render().ShouldBe(result);
    }

    [Fact]
    public void Knows_all_opcodes_and_has_a_stream_for_each()
    {
        var tried = Streams.Select(row => row.Data.Item1).ToHashSet();
        PickleOpcodes.All.Select(code => PickleOpcodes.NameOf(code)!).ShouldBe(tried, ignoreOrder: true);
        PickleOpcodes.All.Count().ShouldBe(68);
    }

    [Fact]
    public void Says_what_breaks_a_stream_and_where()
    {
        Run(Of("N", 0xff)).Problem.ShouldBe("no opcode is 0xff, at byte 1");
        Run(Of("N")).Problem.ShouldBe("ends without STOP at byte 1");
        Run(Of("X", Int32(9), "abc")).Problem.ShouldBe("argument of BINUNICODE at byte 0 is cut off or malformed");
    }

    [Theory]
    [InlineData("0.")]
    [InlineData("t.")]
    [InlineData("R.")]
    [InlineData("g5\n.")]
    [InlineData(".")]
    public void Goes_on_where_an_unpickler_would_raise_and_says_so(string stream)
    {
        var run = Run(Of(stream));
        run.Stopped.ShouldBeTrue();
        run.Fault.ShouldNotBeNull();
        run.Plausible.ShouldBeFalse();
    }
}

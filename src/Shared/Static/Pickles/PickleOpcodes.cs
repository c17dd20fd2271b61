namespace DynaHug.Shared.Static.Pickles;

/// <summary>How the argument of an opcode is written. Names follow CPython's <c>pickletools</c>.</summary>
internal enum PickleArgument
{
    None,
    UInt1,
    UInt2,
    Int4,
    UInt4,
    UInt8,
    Float8,
    IntegerLine,
    LongLine,
    FloatLine,
    StringLine,
    UnicodeLine,
    NameLine,
    NamePair,
    Long1,
    Long4,
    String1,
    String4,
    Bytes1,
    Bytes4,
    Bytes8,
    Text1,
    Text4,
    Text8,
}

/// <summary>All opcodes of protocols 0 to 5, with the names that CPython's <c>pickletools</c> gives them (source: Lib/pickletools.py, Python 3.11).</summary>
internal static class PickleOpcodes
{
    private static readonly (byte Code, string Name, PickleArgument Argument)[] Table =
    [
        (0x49, "INT", PickleArgument.IntegerLine),
        (0x4a, "BININT", PickleArgument.Int4),
        (0x4b, "BININT1", PickleArgument.UInt1),
        (0x4d, "BININT2", PickleArgument.UInt2),
        (0x4c, "LONG", PickleArgument.LongLine),
        (0x8a, "LONG1", PickleArgument.Long1),
        (0x8b, "LONG4", PickleArgument.Long4),
        (0x53, "STRING", PickleArgument.StringLine),
        (0x54, "BINSTRING", PickleArgument.String4),
        (0x55, "SHORT_BINSTRING", PickleArgument.String1),
        (0x42, "BINBYTES", PickleArgument.Bytes4),
        (0x43, "SHORT_BINBYTES", PickleArgument.Bytes1),
        (0x8e, "BINBYTES8", PickleArgument.Bytes8),
        (0x96, "BYTEARRAY8", PickleArgument.Bytes8),
        (0x97, "NEXT_BUFFER", PickleArgument.None),
        (0x98, "READONLY_BUFFER", PickleArgument.None),
        (0x4e, "NONE", PickleArgument.None),
        (0x88, "NEWTRUE", PickleArgument.None),
        (0x89, "NEWFALSE", PickleArgument.None),
        (0x56, "UNICODE", PickleArgument.UnicodeLine),
        (0x8c, "SHORT_BINUNICODE", PickleArgument.Text1),
        (0x58, "BINUNICODE", PickleArgument.Text4),
        (0x8d, "BINUNICODE8", PickleArgument.Text8),
        (0x46, "FLOAT", PickleArgument.FloatLine),
        (0x47, "BINFLOAT", PickleArgument.Float8),
        (0x5d, "EMPTY_LIST", PickleArgument.None),
        (0x61, "APPEND", PickleArgument.None),
        (0x65, "APPENDS", PickleArgument.None),
        (0x6c, "LIST", PickleArgument.None),
        (0x29, "EMPTY_TUPLE", PickleArgument.None),
        (0x74, "TUPLE", PickleArgument.None),
        (0x85, "TUPLE1", PickleArgument.None),
        (0x86, "TUPLE2", PickleArgument.None),
        (0x87, "TUPLE3", PickleArgument.None),
        (0x7d, "EMPTY_DICT", PickleArgument.None),
        (0x64, "DICT", PickleArgument.None),
        (0x73, "SETITEM", PickleArgument.None),
        (0x75, "SETITEMS", PickleArgument.None),
        (0x8f, "EMPTY_SET", PickleArgument.None),
        (0x90, "ADDITEMS", PickleArgument.None),
        (0x91, "FROZENSET", PickleArgument.None),
        (0x30, "POP", PickleArgument.None),
        (0x32, "DUP", PickleArgument.None),
        (0x28, "MARK", PickleArgument.None),
        (0x31, "POP_MARK", PickleArgument.None),
        (0x67, "GET", PickleArgument.IntegerLine),
        (0x68, "BINGET", PickleArgument.UInt1),
        (0x6a, "LONG_BINGET", PickleArgument.UInt4),
        (0x70, "PUT", PickleArgument.IntegerLine),
        (0x71, "BINPUT", PickleArgument.UInt1),
        (0x72, "LONG_BINPUT", PickleArgument.UInt4),
        (0x94, "MEMOIZE", PickleArgument.None),
        (0x82, "EXT1", PickleArgument.UInt1),
        (0x83, "EXT2", PickleArgument.UInt2),
        (0x84, "EXT4", PickleArgument.Int4),
        (0x63, "GLOBAL", PickleArgument.NamePair),
        (0x93, "STACK_GLOBAL", PickleArgument.None),
        (0x52, "REDUCE", PickleArgument.None),
        (0x62, "BUILD", PickleArgument.None),
        (0x69, "INST", PickleArgument.NamePair),
        (0x6f, "OBJ", PickleArgument.None),
        (0x81, "NEWOBJ", PickleArgument.None),
        (0x92, "NEWOBJ_EX", PickleArgument.None),
        (0x80, "PROTO", PickleArgument.UInt1),
        (0x2e, "STOP", PickleArgument.None),
        (0x95, "FRAME", PickleArgument.UInt8),
        (0x50, "PERSID", PickleArgument.NameLine),
        (0x51, "BINPERSID", PickleArgument.None),
    ];

    private static readonly string?[] Names = new string?[256];
    private static readonly PickleArgument[] Arguments = new PickleArgument[256];

    static PickleOpcodes()
    {
        foreach (var (code, name, argument) in Table)
        {
            Names[code] = name;
            Arguments[code] = argument;
        }
    }

    public static IEnumerable<byte> All => Table.Select(entry => entry.Code);

    /// <summary>Null for a byte that is no opcode.</summary>
    public static string? NameOf(byte code) => Names[code];

    public static PickleArgument ArgumentOf(byte code) => Arguments[code];
}

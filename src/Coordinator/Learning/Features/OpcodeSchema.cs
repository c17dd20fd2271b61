using System.Collections.Frozen;

namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// The paper's static features: how often each pickle opcode of protocols 0 to 5 stands in the file (names and order of CPython's
/// <c>pickletools</c>), and a last column for bytes that are none. Files without a pickle are all zero.
/// </summary>
public sealed class OpcodeSchema : IFeatureSchema
{
    private const string Opcodes = """
        INT BININT BININT1 BININT2 LONG LONG1 LONG4 STRING BINSTRING SHORT_BINSTRING BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8 NEXT_BUFFER READONLY_BUFFER
        NONE NEWTRUE NEWFALSE UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 FLOAT BINFLOAT EMPTY_LIST APPEND APPENDS LIST EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3
        EMPTY_DICT DICT SETITEM SETITEMS EMPTY_SET ADDITEMS FROZENSET POP DUP MARK POP_MARK GET BINGET LONG_BINGET PUT BINPUT LONG_BINPUT MEMOIZE EXT1 EXT2 EXT4
        GLOBAL STACK_GLOBAL REDUCE BUILD INST OBJ NEWOBJ NEWOBJ_EX PROTO STOP FRAME PERSID BINPERSID
        """;

    private readonly FrozenDictionary<string, int> columns;

    public OpcodeSchema()
    {
        Names = [.. Opcodes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), "other opcodes"];
        columns = Names.Index().ToFrozenDictionary(entry => entry.Item, entry => entry.Index);
    }

    public string Id => "static-opcodes/1";

    public IReadOnlyList<string> Names { get; }

    public LoadFacts Needs => LoadFacts.Opcodes;

    public double[] VectorOf(Load load)
    {
        var opcodes = load.Opcodes
            ?? throw new ArgumentException($"load {load.Id} comes without its opcodes, which feature schema {Id} needs: read its file", nameof(load));
        var vector = new double[Names.Count];
        foreach (var (name, count) in opcodes)
        {
            vector[columns.TryGetValue(name, out var column) ? column : vector.Length - 1] += count;
        }

        return vector;
    }
}

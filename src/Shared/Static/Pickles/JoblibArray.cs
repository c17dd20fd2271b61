using System.Globalization;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>
/// What joblib writes between the opcodes: right after the BUILD of a <c>NumpyArrayWrapper</c> the file holds the array's raw bytes (or,
/// for arrays of objects, another pickle), padded to an alignment. Source: joblib/numpy_pickle.py, <c>NumpyArrayWrapper.read_array</c>.
/// </summary>
/// <param name="Bytes">Length of the raw bytes; 0 where objects follow.</param>
/// <param name="Padded">Whether a byte with the length of the padding stands before.</param>
/// <param name="HoldsObjects">Whether a pickle follows instead of numbers.</param>
internal sealed record JoblibArray(long Bytes, bool Padded, bool HoldsObjects)
{
    /// <returns>Null where the object is no such wrapper, or one whose size cannot be told.</returns>
    public static JoblibArray? Of(CallValue built)
    {
        var made = built.Callable is GlobalValue { Name: "NumpyArrayWrapper" }
            || (built.Of is "copyreg._reconstructor" or "copy_reg._reconstructor" or "copyreg.__newobj__" && built.Argument(0) is GlobalValue { Name: "NumpyArrayWrapper" });
        if (!made || built.State is not ContainerValue state || state.Find("shape") is not ContainerValue shape || state.Find("dtype") is not CallValue dtype)
        {
            return null;
        }

        var padded = state.Find("numpy_array_alignment_bytes") is NumberValue;
        if (dtype.Argument(0) is not TextValue { Content: { Length: > 0 } code })
        {
            return null;
        }

        if (code[0] == 'O')
        {
            return new JoblibArray(0, Padded: false, HoldsObjects: true);
        }

        if (ItemSize(code, dtype.State as ContainerValue) is not { } size)
        {
            return null;
        }

        UInt128 bytes = (ulong)size;
        foreach (var side in shape.Items)
        {
            if (side is not NumberValue { Number: >= 0 and var length } || (bytes *= (ulong)length) > long.MaxValue)
            {
                return null;
            }
        }

        return new JoblibArray((long)bytes, padded, HoldsObjects: false);
    }

    /// <summary>Bytes of one item: the digits of the code (<c>f8</c>, <c>i4</c>, <c>S10</c>, <c>U5</c>), else what the state says.</summary>
    private static long? ItemSize(string code, ContainerValue? state)
    {
        if (state is { Items.Count: > 5 } && state.Items[5] is NumberValue { Number: > 0 } stated)
        {
            return stated.Number;
        }

        return long.TryParse(code.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) && digits is > 0 and < 1L << 32
            ? code[0] == 'U' ? digits * 4 : digits
            : null;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>
/// Reads pickle opcodes of protocols 0–5 one by one, as CPython's <c>pickletools.genops</c> does, without a stack and without trust:
/// a length is believed only after that many bytes were there. Numbers and texts that CPython might refuse are let through; what a
/// loader refuses it does not run, so reading on can only see more than happens.
/// </summary>
internal sealed class PickleReader(ByteReader input)
{
    /// <summary>Characters kept of a text argument: enough for names and for evidence.</summary>
    public const int KeptText = 1024;

    /// <summary>Bytes kept of a bytes argument that may hold a program itself (a pickle, a zip, marshalled code).</summary>
    public const int KeptProgram = 1 << 18;

    private const int KeptData = 64;

    private readonly byte[] line = new byte[KeptText * 4];
    private int programBytesLeft = 16 << 20;

    /// <summary>Why reading ended before STOP; null as long as it did not.</summary>
    public string? Problem { get; private set; }

    public long Position => input.Position;

    /// <summary>Passes over bytes that lie between opcodes, as joblib's arrays do.</summary>
    public bool TrySkip(long count) => input.TrySkip(count);

    public int ReadByte() => input.ReadByte();

    /// <returns>False where the stream is broken; <see cref="Problem"/> then says how.</returns>
    public bool TryRead(out PickleInstruction instruction)
    {
        instruction = default;
        var offset = input.Position;
        var code = input.ReadByte();
        if (code < 0)
        {
            Problem = $"ends without STOP at byte {offset}";
            return false;
        }

        if (PickleOpcodes.NameOf((byte)code) is not { } name)
        {
            Problem = $"no opcode is 0x{code:x2}, at byte {offset}";
            return false;
        }

        if (!TryReadArgument((byte)code, offset, out instruction))
        {
            Problem = $"argument of {name} at byte {offset} is cut off or malformed";
            return false;
        }

        return true;
    }

    private bool TryReadArgument(byte code, long offset, out PickleInstruction instruction)
    {
        var plain = new PickleInstruction(code, offset);
        instruction = plain;
        var fine = true;
        switch (PickleOpcodes.ArgumentOf(code))
        {
            case PickleArgument.None:
                break;
            case PickleArgument.UInt1:
                fine = TryReadUnsigned(1, out var small);
                instruction = plain with { Number = (long)small };
                break;
            case PickleArgument.UInt2:
                fine = TryReadUnsigned(2, out var medium);
                instruction = plain with { Number = (long)medium };
                break;
            case PickleArgument.UInt4:
                fine = TryReadUnsigned(4, out var large);
                instruction = plain with { Number = (long)large };
                break;
            case PickleArgument.Int4:
                fine = TryReadUnsigned(4, out var signed);
                instruction = plain with { Number = (int)signed };
                break;
            case PickleArgument.UInt8:
                fine = TryReadUnsigned(8, out var huge);
                instruction = plain with { Number = (long)Math.Min(huge, long.MaxValue) };
                break;
            case PickleArgument.Float8:
                fine = TryReadUnsigned(8, out var bits);
                instruction = plain with { Number = BinaryPrimitives.ReverseEndianness((long)bits) };
                break;
            case PickleArgument.IntegerLine or PickleArgument.LongLine:
                fine = TryReadLine(out var digits);
                instruction = plain with { Number = IntegerOf(digits), Text = digits };
                break;
            case PickleArgument.FloatLine or PickleArgument.NameLine:
                fine = TryReadLine(out var text);
                instruction = plain with { Text = text };
                break;
            case PickleArgument.StringLine:
                fine = TryReadLine(out var quoted);
                instruction = plain with { Text = PickleText.Unquote(quoted) };
                break;
            case PickleArgument.UnicodeLine:
                fine = TryReadLine(out var escaped);
                instruction = plain with { Text = PickleText.Unescape(escaped, unicodeOnly: true) };
                break;
            case PickleArgument.NamePair:
                fine = TryReadLine(out var module) & TryReadLine(out var name);
                instruction = plain with { Text = module, Name = name };
                break;
            case PickleArgument.Long1:
                fine = TryReadLong(1, plain, out instruction);
                break;
            case PickleArgument.Long4:
                fine = TryReadLong(4, plain, out instruction);
                break;
            case PickleArgument.String1 or PickleArgument.Text1:
                fine = TryReadText(1, plain, out instruction);
                break;
            case PickleArgument.String4 or PickleArgument.Text4:
                fine = TryReadText(4, plain, out instruction);
                break;
            case PickleArgument.Text8:
                fine = TryReadText(8, plain, out instruction);
                break;
            case PickleArgument.Bytes1:
                fine = TryReadBytes(1, plain, out instruction);
                break;
            case PickleArgument.Bytes4:
                fine = TryReadBytes(4, plain, out instruction);
                break;
            case PickleArgument.Bytes8:
                fine = TryReadBytes(8, plain, out instruction);
                break;
            default:
                throw new InvalidOperationException($"no reading is defined for {PickleOpcodes.ArgumentOf(code)}");
        }

        return fine;
    }

    private bool TryReadUnsigned(int width, out ulong number)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        var there = input.TryRead(bytes[..width]);
        number = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return there;
    }

    /// <summary>The length of what follows; one that the input cannot hold is refused before anything is read or kept.</summary>
    private bool TryReadLength(int width, out long length)
    {
        var there = TryReadUnsigned(width, out var declared);
        length = (long)Math.Min(declared, long.MaxValue);
        return there && (input.Remaining is not { } left || length <= left);
    }

    private bool TryReadKept(int width, int keep, out byte[] kept, out long length)
    {
        kept = [];
        if (!TryReadLength(width, out length))
        {
            return false;
        }

        kept = input.ReadUpTo((int)Math.Min(length, keep));
        return kept.Length == Math.Min(length, keep) && input.TrySkip(length - kept.Length);
    }

    private bool TryReadText(int width, PickleInstruction plain, out PickleInstruction instruction)
    {
        var fine = TryReadKept(width, KeptText, out var bytes, out var length);
        instruction = plain with { Number = length, Text = Encoding.UTF8.GetString(bytes) };
        return fine;
    }

    private bool TryReadLong(int width, PickleInstruction plain, out PickleInstruction instruction)
    {
        var fine = TryReadKept(width, KeptData, out var bytes, out var length);
        instruction = plain with { Number = Saturated(new BigInteger(bytes)), Data = bytes };
        return fine && (width == 1 || length <= int.MaxValue);
    }

    private bool TryReadBytes(int width, PickleInstruction plain, out PickleInstruction instruction)
    {
        instruction = plain;
        if (!TryReadLength(width, out var length))
        {
            return false;
        }

        var keep = (int)Math.Min(length, MayHoldProgram(input.Peek()) ? Math.Min(KeptProgram, Math.Max(programBytesLeft, KeptData)) : KeptData);
        programBytesLeft -= keep > KeptData ? keep : 0;
        var kept = input.ReadUpTo(keep);
        instruction = plain with { Number = length, Data = kept };
        return kept.Length == keep && input.TrySkip(length - keep);
    }

    /// <summary>First byte of a pickle of protocol 2 or later, of a zip, or of the opcodes that a payload of older protocols starts with.</summary>
    private static bool MayHoldProgram(int first) => first is 0x80 or 'P' or 'c' or '(';

    private bool TryReadLine(out string text)
    {
        var whole = input.TryReadLine(line, out var kept);
        text = Encoding.UTF8.GetString(line.AsSpan(0, kept));
        if (text.Length > KeptText)
        {
            text = text[..KeptText];
        }

        return whole;
    }

    private static long IntegerOf(string digits) =>
        BigInteger.TryParse(digits.AsSpan().Trim().TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Saturated(number) : 0;

    private static long Saturated(BigInteger number) => (long)BigInteger.Max(long.MinValue, BigInteger.Min(long.MaxValue, number));
}

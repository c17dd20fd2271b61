using System.Globalization;
using System.Text;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>Texts of protocol 0, and bytes as Python would show them.</summary>
internal static class PickleText
{
    /// <summary>The text of a STRING argument: a Python literal in quotes. What is no such literal stays as it is.</summary>
    public static string Unquote(string literal)
    {
        var trimmed = literal.Trim();
        return trimmed.Length >= 2 && trimmed[0] is '\'' or '"' && trimmed[^1] == trimmed[0] ? Unescape(trimmed[1..^1], unicodeOnly: false) : trimmed;
    }

    /// <param name="unicodeOnly">True for raw-unicode-escape (UNICODE), where only \u and \U count.</param>
    public static string Unescape(string text, bool unicodeOnly)
    {
        if (!text.Contains('\\'))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length || !TryEscape(text, ref i, unicodeOnly, result))
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>Bytes as a Python literal: <c>b"…"</c>.</summary>
    public static string Literal(ReadOnlySpan<byte> bytes)
    {
        var result = new StringBuilder("b\"");
        foreach (var value in bytes)
        {
            _ = value is >= 0x20 and < 0x7f and not (byte)'"' and not (byte)'\\' ? result.Append((char)value) : result.Append($"\\x{value:x2}");
        }

        return result.Append('"').ToString();
    }

    private static bool TryEscape(string text, ref int at, bool unicodeOnly, StringBuilder result)
    {
        var kind = text[at + 1];
        var digits = kind switch { 'u' => 4, 'U' => 8, 'x' when !unicodeOnly => 2, _ => 0 };
        if (digits > 0)
        {
            if (at + 2 + digits > text.Length
                || !int.TryParse(text.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                || !Rune.IsValid(number))
            {
                return false;
            }

            result.Append(new Rune(number).ToString());
            at += 1 + digits;
            return true;
        }

        if (unicodeOnly)
        {
            return false;
        }

        if (kind is >= '0' and <= '7')
        {
            var length = 1;
            while (length < 3 && at + 1 + length < text.Length && text[at + 1 + length] is >= '0' and <= '7')
            {
                length++;
            }

            result.Append((char)Convert.ToInt32(text.Substring(at + 1, length), 8));
            at += length;
            return true;
        }

        char? plain = kind switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' => '\\', '\'' => '\'', '"' => '"', _ => null };
        if (plain is { } letter)
        {
            result.Append(letter);
            at++;
        }

        return plain is not null;
    }
}

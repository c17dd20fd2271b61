using System.Text;

namespace DynaHug.Shared;

/// <summary>Makes hostile text fit for a terminal, a log line or a message: control and format characters escaped, length bounded.</summary>
public static class Printable
{
    public const int DefaultLimit = 512;

    /// <param name="limit">Longest result in characters, the ellipsis included.</param>
    public static string Of(string? text, int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var clean = new StringBuilder(Math.Min(text.Length, limit));
        foreach (var rune in text.EnumerateRunes())
        {
            var piece = IsHarmless(rune) ? rune.ToString() : $"\\u{rune.Value:x4}";
            if (clean.Length + piece.Length > limit)
            {
                clean.Length = Math.Min(clean.Length, limit - 1);
                return clean.Append('…').ToString();
            }

            clean.Append(piece);
        }

        return clean.ToString();
    }

    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control
        or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.Surrogate
        or System.Globalization.UnicodeCategory.PrivateUse
        or System.Globalization.UnicodeCategory.OtherNotAssigned
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator);
}

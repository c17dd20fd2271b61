using System.Globalization;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>Where a page of a list ends: the number it is ordered by, then the name. Written as <c>{number}~{name}</c>.</summary>
internal sealed record Cursor(long Number, string Text)
{
    /// <summary>Null, or a cursor that nobody gave out, starts at the top.</summary>
    public static Cursor? Parse(string? text) =>
        text?.Split('~', 2) is [var number, var name] && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            ? new Cursor(parsed, name)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}~{Text}");
}

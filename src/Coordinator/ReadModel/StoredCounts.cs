using System.Globalization;
using System.Text;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>System call counts as text: <c>number:count</c> joined by spaces, ascending.</summary>
internal static class StoredCounts
{
    public static string Write(IReadOnlyDictionary<int, long> counts)
    {
        var text = new StringBuilder();
        foreach (var (number, count) in counts.OrderBy(entry => entry.Key))
        {
            text.Append(text.Length == 0 ? "" : " ").Append(CultureInfo.InvariantCulture, $"{number}:{count}");
        }

        return text.ToString();
    }

    public static Dictionary<int, long> Read(ReadOnlySpan<char> text)
    {
        var counts = new Dictionary<int, long>(text.Count(':'));
        foreach (var part in text.Split(' '))
        {
            var entry = text[part];
            var colon = entry.IndexOf(':');
            if (colon > 0)
            {
                counts[int.Parse(entry[..colon], NumberStyles.None, CultureInfo.InvariantCulture)] =
                    long.Parse(entry[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
            }
        }

        return counts;
    }
}

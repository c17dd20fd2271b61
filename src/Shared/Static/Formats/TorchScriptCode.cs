using System.Text;
using System.Text.RegularExpressions;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>The code of a TorchScript archive: a small language in which few operators touch anything but tensors. Those few are named.</summary>
internal static partial class TorchScriptCode
{
    private const int JudgedBytes = 8 << 20;

    public static void Read(Pickles.PickleTally tally, string name, ByteReader input)
    {
        var text = Encoding.UTF8.GetString(input.ReadUpTo(JudgedBytes));
        if (Reaching().Match(text) is { Success: true } found)
        {
            var end = Math.Min(text.Length, found.Index + 120);
            tally.Find("script-reaches-files", Severity.Dangerous, found.Value, Printable.Of($"{name}: {text[found.Index..end]}", 200));
        }
    }

    /// <summary>Operators that write or map files, or load more code.</summary>
    [GeneratedRegex(@"\b(torch|ops\.aten|ops\.prim)\.(save|from_file|load|_load_for_lite_interpreter)\s*\(|\bops\.(?:inductor|fb|internal|rpc|dist)\w*\.\w+\s*\(", RegexOptions.NonBacktracking)]
    private static partial Regex Reaching();
}

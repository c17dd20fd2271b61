using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DynaHug.Shared.Static.Code;
using DynaHug.Shared.Static.Pickles;

namespace DynaHug.Shared.Static.Formats;

/// <summary>Texts: JSON and plain ones are data; programs and texts that loaders of their kind execute are not.</summary>
internal static partial class TextFormats
{
    private const int JudgedBytes = 4 << 20;

    /// <returns>Null where the file is no UTF-8 text.</returns>
    public static FormatReading? TryRead(FileInHand file)
    {
        if (file.Head.AsSpan().IndexOfAnyInRange((byte)0, (byte)8) >= 0)
        {
            return null;
        }

        var bytes = file.Reader().ReadUpTo(JudgedBytes);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.AsSpan(0, bytes.Length - Tail(bytes, file.Length)));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        if (text.Contains('\0'))
        {
            return null;
        }

        if (file.IsNamed(".py", ".pyw") || text.StartsWith("#!", StringComparison.Ordinal) && text.Split('\n', 2)[0].Contains("python", StringComparison.Ordinal))
        {
            PythonSource.Read(text, file.Tally);
            return new FormatReading(FileFormat.Python);
        }

        if (text.StartsWith("version https://git-lfs.github.com/spec/", StringComparison.Ordinal))
        {
            return FormatReading.Unsupported(FileFormat.Text, "a pointer of git-lfs; the content itself is not here");
        }

        if (file.IsNamed(".jinja", ".jinja2", ".j2"))
        {
            Templates.Read(Printable.Of(file.Name, 100), text, file.Tally);
            return FormatReading.Inert(FileFormat.Text, "a template; text unless a program renders it");
        }

        NoteNamedObjects(file, text);
        if (text.StartsWith("#!", StringComparison.Ordinal) || Executed().Match(text) is { Success: true })
        {
            return FormatReading.Unsupported(FileFormat.Text, "text that some loaders execute (a script, or YAML that names Python objects)");
        }

        if (IsJson(bytes))
        {
            return JsonFormats.Read(file, bytes);
        }

        if (Python().IsMatch(text))
        {
            PythonSource.Read(text, file.Tally);
            return FormatReading.Unsupported(FileFormat.Python, "Python source under another name: nobody imports it as it is, and it was not run");
        }

        if (file.Length > JudgedBytes)
        {
            return FormatReading.Inert(FileFormat.Text, $"plain text, judged by its first {JudgedBytes} bytes");
        }

        return FormatReading.Inert(FileFormat.Text, "plain text");
    }

    /// <summary>YAML tags that make a careless reader call what they name.</summary>
    private static void NoteNamedObjects(FileInHand file, string text)
    {
        foreach (Match tag in NamedObject().Matches(text))
        {
            var full = tag.Groups["name"].Value;
            var dot = full.LastIndexOf('.');
            if (dot > 0 && CallableRules.Of(full[..dot], full[(dot + 1)..]) == Callable.Dangerous)
            {
                file.Tally.Find("dangerous-global", Severity.Dangerous, full, Printable.Of($"a YAML tag names {full}", 200));
            }
        }
    }

    private static bool IsJson(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            while (reader.Read())
            {
                // Only whether it parses is asked.
            }

            return reader.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Bytes of a character that the bound has cut through.</summary>
    private static int Tail(byte[] bytes, long length)
    {
        var cut = 0;
        while (bytes.Length < length && cut < 3 && (bytes[^(cut + 1)] & 0xc0) == 0x80)
        {
            cut++;
        }

        return bytes.Length < length && (bytes[^(cut + 1)] & 0xc0) == 0xc0 ? cut + 1 : 0;
    }

    [GeneratedRegex(@"(^|\n)(import [\w.]+( as \w+)?\s*(\n|$|#|;)|from [\w.]+ import |def \w+\(.*\).*:|class \w+.*:\s*\n\s+|#!.*python)", RegexOptions.NonBacktracking)]
    private static partial Regex Python();

    [GeneratedRegex(@"!!python/|<\?php|<script\b", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex Executed();

    [GeneratedRegex(@"!!python/(object/apply|object/new|object|name|module):(?<name>[\w.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex NamedObject();
}

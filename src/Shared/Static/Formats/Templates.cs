using System.Text.RegularExpressions;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// Chat templates: Jinja texts in GGUF metadata, tokenizer configurations and files of their own. Programs that render them outside a sandbox run what
/// reaches from a template to the interpreter (CVE-2024-34359).
/// </summary>
internal static partial class Templates
{
    /// <param name="where">Key or file name, for the evidence.</param>
    public static void Read(string where, string text, Pickles.PickleTally tally)
    {
        if (Escape().Match(text) is { Success: true } found)
        {
            var start = Math.Max(0, found.Index - 60);
            tally.Find("template-escape", Severity.Dangerous, where, Printable.Of($"{where}: …{text[start..Math.Min(text.Length, start + 200)]}…", 300));
        }
    }

    /// <summary>Ways out of a template: attributes that reach the interpreter, spelled out or put together, and names that no template needs.</summary>
    [GeneratedRegex(
        @"__\s*(class|globals|builtins|subclasses|import|mro|base|bases|init|getattribute|code|reduce|dict|self|func|closure|doc|enter|getitem)\s*__|\b(popen|os\.system|subprocess|check_output|importlib)\b|\b(eval|exec|open)\s*\("
        + @"|\|\s*attr\s*\(|\b(lipsum|cycler|joiner|get_flashed_messages|url_for|self\._TemplateReference|_TemplateReference)\b|\brequest\.application\b|\\x5f\\x5f|\\u005f\\u005f|['""]_{1,2}['""]\s*[~+*]|['""]\s*[~+]\s*['""][a-z]*__"
        + @"|\{%-?\s*(include|import|from|extends)\s+['""]",
        RegexOptions.NonBacktracking)]
    private static partial Regex Escape();
}

namespace DynaHug.Shared.Static.Code;

internal enum PythonTokenKind
{
    Name,
    Text,
    Number,
    Sign,
    NewLine,
}

/// <param name="Text">The name or sign; the content of a text without quotes and prefix.</param>
/// <param name="Line">From 1.</param>
/// <param name="Standing">Whether a text is a statement of its own: a docstring, or a comment by other means.</param>
internal readonly record struct PythonToken(PythonTokenKind Kind, string Text, int Line, bool Standing = false)
{
    public bool Is(string sign) => Kind == PythonTokenKind.Sign && Text == sign;

    public bool IsName(string name) => Kind == PythonTokenKind.Name && Text == name;
}

/// <summary>
/// Splits Python source into names, texts and signs, as far as reading needs it: comments are gone, texts keep their words, and what is no Python
/// goes through as signs. Never fails. Source: the lexical analysis chapter of the Python reference.
/// </summary>
internal static class PythonTokens
{
    private const string Prefixes = "rRbBuUfF";

    public static List<PythonToken> Of(string source, int most)
    {
        var tokens = new List<PythonToken>();
        var (line, depth, at) = (1, 0, 0);
        while (at < source.Length && tokens.Count < most)
        {
            var letter = source[at];
            if (letter == '\n')
            {
                line++;
                at++;
                if (depth == 0)
                {
                    tokens.Add(new PythonToken(PythonTokenKind.NewLine, "\n", line));
                }
            }
            else if (letter == '\\' && at + 1 < source.Length && source[at + 1] == '\n')
            {
                line++;
                at += 2;
            }
            else if (char.IsWhiteSpace(letter))
            {
                at++;
            }
            else if (letter == '#')
            {
                at = EndOfLine(source, at);
            }
            else if (QuoteAt(source, at) is var quote && quote >= 0)
            {
                var started = line;
                at = ReadText(source, quote, source.AsSpan(at, quote - at).IndexOfAny('r', 'R') >= 0, ref line, out var text);
                tokens.Add(new PythonToken(PythonTokenKind.Text, text, started, IsStart(tokens, depth)));
            }
            else if (IsOfName(letter))
            {
                var start = at;
                while (at < source.Length && (IsOfName(source[at]) || char.IsDigit(source[at])))
                {
                    at++;
                }

                tokens.Add(new PythonToken(PythonTokenKind.Name, source[start..at], line));
            }
            else if (char.IsDigit(letter))
            {
                var start = at;
                while (at < source.Length && (char.IsLetterOrDigit(source[at]) || source[at] is '_' or '.'))
                {
                    at++;
                }

                tokens.Add(new PythonToken(PythonTokenKind.Number, source[start..at], line));
            }
            else
            {
                depth = letter is '(' or '[' or '{' ? depth + 1 : letter is ')' or ']' or '}' ? Math.Max(0, depth - 1) : depth;
                tokens.Add(new PythonToken(PythonTokenKind.Sign, letter.ToString(), line));
                at++;
            }
        }

        return tokens;
    }

    /// <summary>Half a surrogate pair counts: letters beyond the first plane are names too.</summary>
    private static bool IsOfName(char letter) => char.IsLetter(letter) || letter == '_' || char.IsSurrogate(letter);

    private static bool IsStart(List<PythonToken> tokens, int depth) => depth == 0 && (tokens.Count == 0 || tokens[^1].Kind == PythonTokenKind.NewLine);

    private static int EndOfLine(string source, int at) => source.IndexOf('\n', at) is >= 0 and var end ? end : source.Length;

    /// <summary>Where the quote stands that a text begins with, behind its prefix; -1 where no text begins here.</summary>
    private static int QuoteAt(string source, int at)
    {
        var quote = at;
        while (quote < source.Length && quote - at < 3 && Prefixes.Contains(source[quote]))
        {
            quote++;
        }

        return quote < source.Length && source[quote] is '"' or '\'' ? quote : -1;
    }

    private static int ReadText(string source, int quote, bool raw, ref int line, out string text)
    {
        var mark = source[quote];
        var triple = quote + 2 < source.Length && source[quote + 1] == mark && source[quote + 2] == mark;
        var at = quote + (triple ? 3 : 1);
        var start = at;
        while (at < source.Length)
        {
            if (source[at] == '\\' && at + 1 < source.Length)
            {
                line += source[at + 1] == '\n' ? 1 : 0;
                at += 2;
                continue;
            }

            if (source[at] == mark && (!triple || (at + 2 < source.Length && source[at + 1] == mark && source[at + 2] == mark)))
            {
                break;
            }

            if (source[at] == '\n')
            {
                if (!triple)
                {
                    break;
                }

                line++;
            }

            at++;
        }

        var inner = source[start..Math.Min(at, source.Length)];
        text = raw ? inner : Pickles.PickleText.Unescape(inner, unicodeOnly: false);
        return at < source.Length && source[at] == mark ? Math.Min(source.Length, at + (triple ? 3 : 1)) : at;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace DynaHug.Shared.Static.Code;

/// <summary>
/// What compiled Python gives away without being run: the names and texts in it. Code objects keep both in plain text, whatever Python version wrote them,
/// so a search for words is enough, and survives marshal formats that we do not know.
/// </summary>
internal static partial class CodeWords
{
    private const int LongestText = 1 << 20;

    /// <summary>The part of a code object's names and texts that would act on the system, or null where there is none.</summary>
    /// <param name="text">Names and texts, separated by something that is no word character.</param>
    public static string? DangerIn(string text)
    {
        if (Shell().Match(text) is { Success: true } shell)
        {
            return Around(text, shell);
        }

        if (Acts().Match(text) is { Success: true } acts)
        {
            return Around(text, acts);
        }

        if (Systems().IsMatch(text) && Starts().Match(text) is { Success: true } starts)
        {
            return Around(text, starts);
        }

        if (Sockets().IsMatch(text) && Connects().Match(text) is { Success: true } connects)
        {
            return Around(text, connects);
        }

        return Runs().Match(text) is { Success: true } runs && Decodes().IsMatch(text) ? Around(text, runs) : null;
    }

    /// <summary>The same for marshalled code, whose printable runs are its words.</summary>
    public static string? DangerIn(ReadOnlySpan<byte> code)
    {
        var text = new StringBuilder();
        foreach (var letter in code[..Math.Min(code.Length, LongestText)])
        {
            text.Append(letter is >= 0x20 and < 0x7f ? (char)letter : ' ');
        }

        return DangerIn(text.ToString());
    }

    /// <summary>Whether a text is a command for a shell.</summary>
    public static bool IsShell(string text) => Shell().IsMatch(text);

    /// <summary>Whether a text names a credential or a place where programs start by themselves.</summary>
    public static bool IsSensitivePath(string text) => Sensitive().IsMatch(text);

    private static string Around(string text, Match found)
    {
        var start = Math.Max(0, found.Index - 40);
        return Printable.Of(Blank().Replace(text[start..Math.Min(text.Length, found.Index + found.Length + 80)], " ").Trim(), 200);
    }

    /// <summary>Names that only programs, shells, sockets and machine code need.</summary>
    [GeneratedRegex(
        @"\b(subprocess|pty|Popen|check_output|check_call|getoutput|getstatusoutput|urlopen|urlretrieve|create_connection|CFUNCTYPE|rmtree|runpy)\b",
        RegexOptions.NonBacktracking)]
    private static partial Regex Acts();

    [GeneratedRegex(@"\b(os|posix|nt)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Systems();

    [GeneratedRegex(@"\b(system|popen|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|forkpty|fork)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Starts();

    [GeneratedRegex(@"\bsocket\b", RegexOptions.NonBacktracking)]
    private static partial Regex Sockets();

    [GeneratedRegex(@"\b(connect|sendto|bind)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Connects();

    [GeneratedRegex(@"\b(exec|eval|compile|__import__|loads)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Runs();

    [GeneratedRegex(@"\b(b64decode|b32decode|b85decode|a85decode|decompress|unhexlify|fromhex|marshal|rot13|rot_13|bytearray)\b", RegexOptions.NonBacktracking)]
    private static partial Regex Decodes();

    [GeneratedRegex(
        @"\b(curl|wget)\s+[^\n]*https?:|\b(curl|wget)\s+-\w|\|\s*(ba|z|da)?sh\b|(^|[\s;&|/""'])(ba|z|da)?sh\s+-[ci]\b|/dev/(tcp|udp)/|\bnc\s+-\w|\bncat\s|powershell|\bpython[23]?\s+-c\s|base64\s+(-d|--decode)|\brm\s+-rf?\s|\bchmod\s+\+x|\bnohup\s|\bcrontab\s+-",
        RegexOptions.NonBacktracking)]
    private static partial Regex Shell();

    [GeneratedRegex(
        @"\.ssh/|\bid_(rsa|dsa|ed25519|ecdsa)\b|authorized_keys|\.aws/|\.netrc\b|\.git-credentials|\.docker/config|\.kube/config|\.config/gcloud|\.pypirc|\.pgpass|/etc/(passwd|shadow|sudoers|crontab|cron\.|ld\.so\.preload|rc\.local)|Login Data|wallet\.dat|\.mozilla/|google-chrome|\.bash(rc|_profile|_history)|\.zshrc|\.profile\b|sitecustomize|usercustomize|systemd/user|LaunchAgents|\.config/autostart|huggingface/token|\.git/hooks",
        RegexOptions.NonBacktracking)]
    private static partial Regex Sensitive();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Blank();
}

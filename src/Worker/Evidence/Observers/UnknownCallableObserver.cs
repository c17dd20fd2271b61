using System.Text.RegularExpressions;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Calls of what is not installed that were given a command, code or an address. A class of the author's own, given numbers, is not among them.</summary>
internal sealed partial class UnknownCallableObserver : IObserver
{
    public IEnumerable<Sighting> Observe(LoadWindow load) => (load.Report?.Calls ?? [])
        .Where(call => Told().IsMatch(call.Arguments) || (Gadget().IsMatch(call.Name) && call.Arguments.AsSpan().IndexOfAny('\'', '"') >= 0))
        .Select(call => new Sighting(load.Events.Count, IndicatorCatalogue.UnknownCallable.Seen($"{call.Name}({call.Arguments})")));

    /// <summary>Modules that reach the system or the network, and functions that run what they are given.</summary>
    [GeneratedRegex(
        """^(nt|os|posix|commands|popen2|subprocess|win32\w*|_?winreg|_winapi|winshell|requests|httpx|aiohttp|urllib\w*|httplib\w*|pycurl|wget|paramiko|fabric|invoke|pexpect|plumbum|telnetlib|socket|websockets?|zmq|boto3|smtplib|pynput|pyautogui|psutil|distutils|keyring|cryptography)\."""
        + """|\.(system|popen\d?|popen2|Popen|spawn\w*|execfile|check_call|check_output|getoutput|getstatusoutput|startfile|ShellExecute\w*|WinExec|CreateProcess\w*|urlopen|urlretrieve|create_connection|eval|exec|runstring|run_code|runcode)$""",
        RegexOptions.NonBacktracking)]
    private static partial Regex Gadget();

    /// <summary>A program with arguments, a shell's punctuation, Python that imports or evaluates, an address.</summary>
    [GeneratedRegex(
        """(https?|ftp|tcp|udp|ldaps?|smb|wss?)://"""
        + """|['"]\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(:\d{1,5})?['"]"""
        + """|['"](/usr)?(/s?bin/)?(sh|bash|curl|wget|nc|ncat|python\d?|perl|ruby|powershell|cmd|cmd\.exe|echo|touch|cat|rm|chmod|chown|ls|id|whoami|uname|nohup|ssh|scp|crontab|kill|ping|nslookup|dig|base64|certutil|mshta|rundll32|schtasks|reg) +[^ '"]"""
        + """|['"](/usr)?/s?bin/\w+|\w\.exe\b|\b(curl|wget) +-|\| *(ba|da|z)?sh\b|\$\(|>\s*/|/dev/tcp/|/etc/(passwd|shadow)"""
        + """|__import__|\bimport +(os|sys|socket|subprocess|urllib|requests|base64|ctypes|shutil)\b|\b(exec|eval|compile)\(|os\.(system|popen|exec)|subprocess\.""",
        RegexOptions.NonBacktracking)]
    private static partial Regex Told();
}

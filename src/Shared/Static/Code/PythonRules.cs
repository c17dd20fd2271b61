using System.Collections.Frozen;

namespace DynaHug.Shared.Static.Code;

/// <summary>
/// Which names in Python source speak for malice by themselves. Model code, dataset scripts and installers open files, download, import by name and
/// read the environment; they hardly ever do what is listed here.
/// </summary>
internal static class PythonRules
{
    /// <summary>Functions that start programs, reach out or run bytes. Naming one is enough, called or not.</summary>
    private static readonly FrozenSet<string> Dangerous = new[]
    {
        "os.system", "os.popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.posix_spawnp", "os.startfile", "os.setuid", "os.setgid", "os.chroot",
        "posix.system", "posix.popen", "posix.fork", "posix.execv", "posix.execve", "nt.system", "pty.spawn", "pty.fork", "commands.getoutput", "commands.getstatusoutput", "platform.popen",
        "socket.create_connection", "socket.create_server", "marshal.loads", "marshal.load", "ctypes.windll", "code.interact", "code.InteractiveConsole",
        "code.InteractiveInterpreter", "runpy.run_path", "runpy.run_module", "telnetlib.Telnet", "smtplib.SMTP", "smtplib.SMTP_SSL", "ftplib.FTP", "ftplib.FTP_TLS",
        "paramiko.SSHClient", "site.getusersitepackages",  "sys.settrace", "sys.addaudithook", "bdb.Bdb",
        "types.CodeType", "winreg.SetValueEx", "win32api.ShellExecute", "pynput.keyboard", "pyautogui.screenshot", "multiprocessing.popen_fork", "faulthandler._sigsegv",
        "xmlrpc.client.ServerProxy", "asyncio.create_subprocess_shell", "asyncio.create_subprocess_exec", "asyncio.open_connection",
        "os.kill", "os.killpg", "signal.pthread_kill", "os._exit", "sys.setprofile", "torch.ops.load_library", "torch.classes.load_library",
    }.ToFrozenSet();

    private static readonly string[] DangerousStarts = ["os.exec", "os.spawn", "posix.spawn", "_posixsubprocess."];

    /// <summary>Starters of programs that honest installers use for a few programs only.</summary>
    private static readonly FrozenSet<string> Starters = new[]
    {
        "subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_call", "subprocess.check_output", "subprocess.getoutput", "subprocess.getstatusoutput",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> HonestPrograms = new[]
    {
        "git", "nvcc", "nvidia-smi", "rocm-smi", "hipcc", "cmake", "make", "ninja", "gcc", "g++", "pip", "pip3", "conda", "ffmpeg", "ffprobe", "uname", "ldconfig", "which",
        "python", "python3", "tar", "unzip", "gsutil", "huggingface-cli", "accelerate", "torchrun", "nproc", "lscpu", "espeak", "sox",
    }.ToFrozenSet();

    /// <summary>Libraries of which no file of a repo has to replace a part. Others are patched by honest code all the time.</summary>
    private static readonly FrozenSet<string> Unpatched = new[]
    {
        "builtins", "json", "pickle", "os", "hashlib", "hmac", "socket", "subprocess", "secrets", "importlib", "io", "shutil", "urllib", "http", "getpass", "base64", "zipfile", "copy", "math", "time",
        "safetensors", "huggingface_hub", "requests",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> UnpatchedNames = new[]
    {
        "torch.load", "torch.save", "torch.serialization.load", "torch.Tensor.__reduce_ex__", "torch.nn.Module.load_state_dict", "sys.stdin", "sys.meta_path", "sys.path_hooks", "sys.modules",
        "sys.excepthook", "numpy.load", "joblib.load",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Hijacking = new[]
    {
        "LD_PRELOAD", "PYTHONSTARTUP", "PYTHONHOME", "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL", "GIT_SSH_COMMAND", "BASH_ENV", "BROWSER", "EDITOR", "PAGER", "PROMPT_COMMAND",
    }.ToFrozenSet();

    public static bool IsDangerous(string name) =>
        Dangerous.Contains(name) || DangerousStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal));

    public static bool StartsProgram(string name) => Starters.Contains(name);

    /// <param name="command">First word of what is started, with or without its folder.</param>
    public static bool IsHonestProgram(string command) => HonestPrograms.Contains(command[(command.LastIndexOf('/') + 1)..]);

    /// <summary>Whether assigning to a name changes what everybody else in the process gets.</summary>
    public static bool IsPatch(string name) =>
        UnpatchedNames.Contains(name)
        || (Unpatched.Contains(name.Split('.')[0]) && name.Contains('.') && name is not ("os.environ" or "io.DEFAULT_BUFFER_SIZE"));

    /// <summary>Environment variables by which a process is made to load something else; search paths only where they lead to a place that anybody writes to.</summary>
    public static bool IsHijacking(string variable, string value) =>
        Hijacking.Contains(variable)
        || (variable is "PATH" or "PYTHONPATH" or "LD_LIBRARY_PATH"
            && (value.StartsWith("/tmp", StringComparison.Ordinal) || value.StartsWith("/dev/shm", StringComparison.Ordinal) || value.StartsWith("/var/tmp", StringComparison.Ordinal)));
}

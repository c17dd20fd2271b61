"""Details that a tracer of system calls does not get: paths of calls whose arguments are pointers, and names looked up.

Python's audit events cost no system call. What they say comes from inside, so it only adds words to what was seen outside.
"""

import reprlib
import sys

WATCHED = frozenset((
    "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.chmod", "os.link", "os.symlink", "os.listdir", "os.scandir", "os.putenv",
    "shutil.rmtree", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request", "os.kill",
))
MOST = 128
PER_EVENT = 32

active = False
_seen = {}
_per_event = {}
_repr = reprlib.Repr()
_repr.maxstring = _repr.maxother = 200


def install():
    sys.addaudithook(_hook)


def _hook(event, arguments):
    if not active or event not in WATCHED or len(_seen) >= MOST or _per_event.get(event, 0) >= PER_EVENT:
        return
    try:
        _per_event[event] = _per_event.get(event, 0) + 1
        _seen[event, ", ".join(_repr.repr(value) for value in arguments)[:400]] = None
    except BaseException:  # an argument of the file's own making need not be printable
        pass


def seen():
    return [{"event": event, "arguments": arguments} for event, arguments in _seen]

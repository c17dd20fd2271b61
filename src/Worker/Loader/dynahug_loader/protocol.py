"""What goes in and out: one ready line, one request, one report. Functions are bound before hostile code can replace them."""

import json
import os
import resource
import sys

REPORT_LIMIT = 48 * 1024


def announce(libraries):
    ready = {"python": sys.version.split()[0], "libraries": libraries}
    os.write(1, f"DYNAHUG-READY {json.dumps(ready, sort_keys=True)}\n".encode())


def read_request(read=os.read):
    """The one line on standard input; a later read of it is the file's doing, so nothing may be buffered here."""
    line = b""
    while not line.endswith(b"\n"):
        piece = read(0, 65536)
        if not piece:
            break
        line += piece
    if not line.strip():
        sys.exit("no request on standard input")
    request = json.loads(line)
    return {
        "path": request["path"],
        "name": request.get("name", ""),
        "format": request.get("format", "unknown"),
        "nonce": request["nonce"],
        "linger": float(request.get("linger", 1.5)),
    }


class Channel:
    """Standard output, kept apart from what the load may do to file descriptor 1 and to ``sys.stdout``."""

    def __init__(self, nonce):
        self._nonce = nonce
        self._descriptor = os.dup(1)
        self._write = os.write
        self._dumps = json.JSONEncoder(ensure_ascii=True, sort_keys=True).encode

    def report(self, facts):
        text = self._dumps(facts)
        while len(text) > REPORT_LIMIT and shorten(facts):
            text = self._dumps(facts)
        flush_quietly()
        data = f"\nDYNAHUG-REPORT {self._nonce} {text}\n".encode()
        while data:
            data = data[self._write(self._descriptor, data):]


def shorten(facts):
    """Halves the longest list of a report that is too long; false where nothing is left to halve."""
    longest = max((value for value in facts.values() if isinstance(value, list)), key=len)
    if len(longest) < 2:
        return False
    del longest[len(longest) // 2:]
    return True


def flush_quietly():
    try:
        sys.stdout.flush()
    except BaseException:  # the load may have replaced or closed it
        pass


def usage(getrusage=resource.getrusage):
    """Processor seconds of loader and children since the request, and peak memory since the process began."""
    own, children = getrusage(resource.RUSAGE_SELF), getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return {"cpu": round(cpu - started_at, 3), "memory": own.ru_maxrss}


def start_clock(getrusage=resource.getrusage):
    global started_at
    own = getrusage(resource.RUSAGE_SELF)
    started_at = own.ru_utime + own.ru_stime


started_at = 0.0

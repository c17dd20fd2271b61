"""One session: get ready, wait for a file, load it between two markers, wait for what it left behind, report, exit.

The sandbox may be checkpointed while the session waits for its request and be restored with another standard input. From
there to the end of the process every system call counts, so whatever can be done earlier is done earlier, and nothing here
depends on time, addresses or the order of a hash.
"""

import ctypes
import gc
import linecache
import os
import re
import sys

from . import aftermath, audit, delays, ending, planning, protocol, unpickling, warmup
from .outcomes import Result, conclude, guarded
from .recorder import journal

START = 0x5AFE
END = 0x5AFF


def run(library_set):
    sys.setrecursionlimit(3000)
    libraries = warmup.prepare(library_set)
    audit.install()
    hide_main()
    sys.excepthook = print_briefly
    gc.collect()
    give_back_memory()
    gc.freeze()
    gc.disable()  # a collection in the middle of a load would come at another place in every run

    protocol.announce(libraries)
    request = protocol.read_request()
    protocol.start_clock()
    channel = protocol.Channel(request["nonce"])
    watch = aftermath.Watch()
    source, steps = planning.plan(request["path"], request["name"], request["format"])
    delays.install()
    ending.forget()

    mark(START)
    audit.active = True
    results = [result for step in steps for result in guarded(step, source)]
    mark(END)

    alive = watch.linger(request["linger"])
    audit.active = False
    outcome, error = conclude(results)
    channel.report({
        "outcome": outcome,
        "error": error,
        "loaders": [result.described() for result in results[:Result.MOST]],
        "missing": journal.missing_names(),
        "calls": journal.calls(),
        "named": journal.named_globals(),
        "delays": delays.seen,
        "alive": alive,
        "audit": audit.seen(),
        "bytes": source.size,
        **protocol.usage(),
    })
    ending.end(alive)


def give_back_memory():
    """What importing used and freed would be in the checkpoint, and be read back for every file."""
    linecache.clearcache()
    re.purge()
    ctypes.CDLL(None).malloc_trim(0)


def mark(value, getpgid=os.getpgid):
    """A system call that nobody else makes, for the observer; there is no such process, hence the error."""
    try:
        getpgid(value)
    except OSError:
        pass


def print_briefly(kind, error, trace, write=os.write):
    """An error that gets out of everything; a usual traceback would open our own source files, as only an attack does."""
    write(2, f"{kind.__name__} outside of the load\n".encode("utf-8", "backslashreplace"))


def hide_main():
    """A pickle's ``__main__.Net`` means the script that wrote it, never this program."""
    globals()["real_main"] = sys.modules["__main__"]
    sys.modules["__main__"] = unpickling.MAIN

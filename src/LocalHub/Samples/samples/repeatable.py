"""What makes two runs write the same bytes."""

import gc
import os
import sys


def restart_with_fixed_hashes():
    """Sets are pickled in the order of their hashes, which Python draws anew for each process unless told not to."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})


_kept = []


def keep_everything_alive():
    """Picklers write a string once and refer to it if it is the same object. Which equal strings are one object depends on what
    was collected before, and the collector runs when it likes; so it does not run at all. Writers are short-lived."""
    gc.disable()


def keep(value):
    """The same for what is freed without the collector: attribute names of a module stay interned only while something holds them,
    and Python's attribute cache does so or not by their addresses."""
    _kept.append(value)

"""What a load leaves behind: threads, timers, children, sleeps. Waited for, within bounds, so that delayed work is seen."""

import gc
import os
import resource
import threading
import time

LONGEST_SLEEP = 0.2
STEP = 0.05

_sleep = time.sleep


class Watch:
    """Made just before the load. Sleeps are shortened from here on, and written down."""

    def __init__(self):
        self.threads = threading.active_count()
        self.delays = []
        time.sleep = self._short_sleep

    def _short_sleep(self, seconds):
        if len(self.delays) < 32:
            self.delays.append(float(seconds))
        _sleep(min(max(float(seconds), 0.0), LONGEST_SLEEP))

    def linger(self, limit):
        """Waits while something is still going on, at most ``limit`` seconds; tells what was left."""
        gc.collect()
        threads = threading.active_count() - self.threads
        children = has_children()
        waited = 0.0
        while waited < limit and (threading.active_count() > self.threads or has_children()):
            _sleep(STEP)
            waited += STEP
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "threads": max(threads, 0),
            "children": 1 if children else 0,
            "delays": self.delays,
            "cpu": usage.ru_utime + usage.ru_stime,
            "peakKiB": usage.ru_maxrss,
        }


def has_children():
    """Reaps what has ended; true while a child lives."""
    try:
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return True
    except ChildProcessError:
        return False

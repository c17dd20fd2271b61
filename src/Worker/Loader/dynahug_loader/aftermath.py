"""What a load leaves behind: threads, children and timers get a bounded time to show what they are for."""

import _thread
import os
import signal
import time

STEP = 0.02


class Watch:
    """Made before the load, with its own references to what it asks."""

    def __init__(self):
        self._threads = _thread._count
        self._before = self._threads()
        self._waitid = os.waitid
        self._flags = (os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        self._timer = signal.getitimer
        self._sleep = time.sleep
        self._clock = time.monotonic

    def linger(self, seconds):
        """Waits while anything is alive, at most ``seconds``; what was alive right after the load is returned."""
        alive = first = self.alive()
        until = self._clock() + seconds
        while any(alive.values()) and self._clock() < until:
            try:
                self._sleep(STEP)
            except BaseException:  # of a signal handler that the load installed
                pass
            alive = self.alive()
        return first

    def alive(self):
        return {"threads": max(0, self._threads() - self._before), "children": self._children(), "timers": self._timers()}

    def _children(self):
        """1 where a child still runs; one that has ended and was not waited for is no reason to wait."""
        try:
            return int(self._waitid(*self._flags) is None)
        except OSError:
            return 0

    def _timers(self):
        return sum(self._timer(which)[0] > 0 for which in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF))

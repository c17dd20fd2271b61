"""Waits that a load asks for, written down and cut short: a payload that sleeps for an hour shows its hand in this one."""

import threading
import time

LONGEST = 0.2
MOST = 32

seen = []


def install():
    sleep, make_timer = time.sleep, threading.Timer.__init__

    def short_sleep(seconds):
        noted("time.sleep", seconds)
        sleep(min(seconds, LONGEST))

    def short_timer(self, interval, *arguments, **named):
        noted("threading.Timer", interval)
        make_timer(self, min(interval, LONGEST), *arguments, **named)

    time.sleep = short_sleep
    threading.Timer.__init__ = short_timer


def noted(name, seconds):
    if len(seen) < MOST and isinstance(seconds, (int, float)):
        seen.append(f"{name}({seconds:g})")

"""Ends a match of the standard library's engine, which has no deadline of its own.

The engine lets signals through every 4,096 steps, in the main thread. While matches are
watched a timer of processor time ticks in the background; a match costs no system call, only
the note by when it must end. A tick that finds nothing to watch stops the timer and gives the
signal back. Where the signal is not to be had `watch` says so, and another engine must serve.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
from threading import get_ident
from time import monotonic
from types import FrameType

from toolkit.languages.ruby_regex.errors import RegexTimeout
from toolkit.languages.ruby_regex.match import Match, Native

_TICK = 0.02
_SIGNAL = getattr(signal, "SIGVTALRM", None)


class _Watch:
    """The one timer of the process."""

    __slots__ = ("main", "ticking", "until")

    def __init__(self) -> None:
        self.until: float | None = None
        self.forget()

    def forget(self) -> None:
        """Begin as a new process, which inherits no timer."""
        self.until, self.ticking = None, False
        self.main = threading.main_thread().ident

    def start(self) -> bool:
        if _SIGNAL is None or signal.getsignal(_SIGNAL) is not signal.SIG_DFL:
            return False
        signal.signal(_SIGNAL, self._tick)
        signal.setitimer(signal.ITIMER_VIRTUAL, _TICK, _TICK)
        self.ticking = True
        return True

    def stop(self) -> None:
        if self.ticking and _SIGNAL is not None:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(_SIGNAL, signal.SIG_DFL)
            self.ticking = False

    def _tick(self, number: int, frame: FrameType | None) -> None:
        if self.until is None:
            self.stop()
        elif monotonic() > self.until:
            self.until = None
            raise RegexTimeout


_watch = _Watch()
atexit.register(_watch.stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_watch.forget)


def can_watch() -> bool:
    """Whether the timer ticks, or can be made to: here is the main thread, and it is free."""
    return get_ident() == _watch.main and (_watch.ticking or _watch.start())


def search_watched(pattern: Native, text: str, start: int, deadline: float) -> Match | None:
    """Search, or raise `RegexTimeout` after ``deadline`` seconds; ask `can_watch` before."""
    _watch.until = monotonic() + deadline
    try:
        return pattern.search(text, start)
    finally:
        _watch.until = None

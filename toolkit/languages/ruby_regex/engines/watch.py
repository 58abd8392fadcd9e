"""A deadline for matches of the standard library's engine, which has none of its own.

The engine handles signals every 4,096 steps, in the main thread. While matches are watched, a
timer of processor time ticks in the background: a match only sets how many ticks it may take,
as many on a busy machine as on a quiet one, and needs no system call. A tick that finds no
match stops the timer and restores the signal. If the signal is in use by others, or in another
thread, `can_watch` is false, and another engine is needed.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
from threading import get_ident
from types import FrameType

from toolkit.languages.ruby_regex.errors import RegexTimeout
from toolkit.languages.ruby_regex.match import Match, Native

_TICK = 0.02
_SIGNAL = getattr(signal, "SIGVTALRM", None)


class _Watch:
    """The one timer of the process."""

    __slots__ = ("left", "main", "ticking")

    def __init__(self) -> None:
        self.left: int | None = None
        self.forget()

    def forget(self) -> None:
        """Start over in a new process, which does not inherit the timer."""
        self.left, self.ticking = None, False
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
        if self.left is None:
            self.stop()
        elif self.left:
            self.left -= 1
        else:
            self.left = None
            raise RegexTimeout


_watch = _Watch()
atexit.register(_watch.stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_watch.forget)


def can_watch() -> bool:
    """Return whether the timer ticks or can be started: only in the main thread."""
    return get_ident() == _watch.main and (_watch.ticking or _watch.start())


def search_watched(pattern: Native, text: str, start: int, deadline: float) -> Match | None:
    """Search for the first match; `can_watch` must be true.

    Args:
        pattern: The compiled expression.
        text: The text to search.
        start: The offset to start at.
        deadline: Seconds of processor time.

    Raises:
        RegexTimeout: The deadline has passed.
    """
    _watch.left = round(deadline / _TICK)
    try:
        return pattern.search(text, start)
    finally:
        _watch.left = None

"""Pauses between attempts, which become longer, until patience ends."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class Patience:
    """Waits between the attempts of one request."""

    def __init__(self, until: float, pause: Callable[[float], object]) -> None:
        """Begin with the shortest pause.

        Args:
            until: When patience ends, on the clock of `time.monotonic`.
            pause: Sleeps so many seconds; True if it was broken off, as `Event.wait` returns.
        """
        self._until, self._pause = until, pause
        self._next = _FIRST_PAUSE

    def lasts(self) -> bool:
        """Pause, and return True; return False at once if the end would come first."""
        if time.monotonic() + self._next > self._until:
            return False
        # Spread, so that many who were refused together do not come back together.
        broken_off = self._pause(self._next * random.uniform(0.5, 1.0))
        self._next = min(_LONGEST_PAUSE, self._next * 2)
        return not broken_off

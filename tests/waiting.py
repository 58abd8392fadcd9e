"""Waiting for events, however busy the machine is: a limit here ends a test that hangs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

_Seen = TypeVar("_Seen")

PATIENCE = 600.0
"""Seconds."""


def until(look: Callable[[], _Seen], what: str = "it") -> _Seen:
    """Look until there is something to see, and return it."""
    end = time.monotonic() + PATIENCE
    while not (seen := look()):
        if time.monotonic() > end:
            raise AssertionError(f"{what}: still {seen!r} after {PATIENCE:g} s")
        time.sleep(0.02)
    return seen

"""CPU burnt on request, so that load can be made to order."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence


def milliseconds(values: Sequence[str], limit: int) -> int:
    """Read the values of ``ms``, capped at ``limit``; `ValueError` says what is wrong.

    >>> milliseconds(["20"], 5000), milliseconds(["999999"], 5000)
    (20, 5000)
    """
    if len(values) != 1:
        raise ValueError(f"`ms` is given {len(values)} times, wanted once, as in `/work?ms=20`")
    if not re.fullmatch("[0-9]{1,9}", values[0]):
        raise ValueError("`ms` is not a whole number of milliseconds, as in `/work?ms=20`")
    return min(int(values[0]), limit)


def burn(milliseconds: int) -> None:
    """Keep this thread computing until it has used that much CPU time.

    CPU time rather than elapsed time: the cost of a request stays the same under load, and
    it is the latency that grows.
    """
    end = time.thread_time() + milliseconds / 1000
    while time.thread_time() < end:
        sum(range(500))

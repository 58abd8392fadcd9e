"""Anomalies in a line of a log that are easily overlooked."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ODD = {
    "NUL bytes, as UTF-16 has them": r"[\ufffd\udcfe\udcff]*(?:[^\0]?\0)+[^\0]?",
    "a byte order mark": r"\ufeff",
    "a carriage return": r"\r",
    "an ANSI escape": r"\x1b(?:\[[0-9;]*[A-Za-z])?",
    "a non-breaking space": r"[\xa0\u202f\u2007]",
    "a blank at the end": r"[ \t]+(?=\r?$)",
    "more than one blank": r"(?<=\S) {2,}(?=\S)",
    "a comma where a dot may be meant": r"(?<!,\d)(?<!,\d\d)(?<!,\d\d\d)(?<=\d),(?=\d+(?![\d,]))",
    "letters that are not ASCII": r"[^\W\d_\x00-\x7f]+",
    "bytes that are no UTF-8": r"[\udc80-\udcff]+",
}
_PATTERN = re.compile("|".join(f"({pattern})" for pattern in _ODD.values()))
_NAMES = tuple(_ODD)


@dataclass(frozen=True, slots=True)
class LineAnomaly:
    """An anomaly at characters ``start`` to ``end`` of a line."""

    what: str
    start: int
    end: int


def anomalies(line: str) -> tuple[LineAnomaly, ...]:
    r"""Return the anomalies of a line, in order.

    >>> [odd.what for odd in anomalies("at 12:00:01,5 \r")]
    ['a comma where a dot may be meant', 'a blank at the end', 'a carriage return']
    """
    return tuple(
        LineAnomaly(_NAMES[(found.lastindex or 1) - 1], *found.span())
        for found in _PATTERN.finditer(line)
    )

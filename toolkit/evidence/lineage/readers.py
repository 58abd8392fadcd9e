"""Those who read, by what people call them."""

from __future__ import annotations

import re

_READER = re.compile(r"(?P<kind>[^`]+) `(?P<name>.*?)`(?: of dashboard `.*`)?", re.DOTALL)


def reader_of(called: str) -> tuple[str, str]:
    """Tell kind and name of a reader apart.

    >>> reader_of("panel `Errors` of dashboard `Shop`"), reader_of("control")
    (('panel', 'Errors'), ('control', ''))
    """
    found = _READER.fullmatch(called)
    return (found["kind"], found["name"]) if found else (called, "")

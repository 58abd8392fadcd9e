"""Names of readers."""

from __future__ import annotations

import re

_READER = re.compile(r"(?P<kind>[^`]+) `(?P<name>.*?)`(?: of dashboard `.*`)?", re.DOTALL)


def reader_of(called: str) -> tuple[str, str]:
    """Split the name of a reader into its kind and its own name.

    >>> reader_of("panel `Errors` of dashboard `Shop`"), reader_of("control")
    (('panel', 'Errors'), ('control', ''))
    """
    found = _READER.fullmatch(called)
    return (found["kind"], found["name"]) if found else (called, "")

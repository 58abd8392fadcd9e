"""Recordings of the real programs, and how they are compared with the emulation.

Those made for this project lie in ``recordings/``; examples of public plugins are read from
``upstream/`` in the folder that ``CONFORMANCE_DIR`` names, else beside the project
(``../shared/conformance``). Events are compared as JSON, unordered, but an integer is not a
float. In recordings ``{"$b64": …}`` is a string of bytes that are no UTF-8, ``{"$float": …}``
a float that JSON lacks, ``{"$bigdecimal": …}`` a decimal that no double holds, and ``<NOW>``
the time of the run.
"""

from __future__ import annotations

import base64
import json
import math
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from toolkit.logstash.event.values import Timestamp, to_json

__all__ = [
    "NOW",
    "NO_UPSTREAM",
    "RECORDINGS",
    "decode",
    "encode",
    "known_differences",
    "printed",
    "read_lines",
    "read_printed",
    "same",
    "upstream",
]

RECORDINGS = Path(__file__).parent / "recordings"
NO_UPSTREAM = "the examples of public plugins are not here: set CONFORMANCE_DIR"
NOW = Timestamp.parse("2026-11-23T13:20:00Z")
"""The frozen clock of recordings that depend on it."""


def upstream() -> Path | None:
    """The folder of the examples of public plugins, or None.

    Raises:
        FileNotFoundError: ``CONFORMANCE_DIR`` names a folder without them.
    """
    beside = Path(__file__).parents[3] / "shared" / "conformance"
    named = os.environ.get("CONFORMANCE_DIR")
    folder = Path(named or beside) / "upstream"
    if folder.is_dir():
        return folder
    if named:
        raise FileNotFoundError(f"CONFORMANCE_DIR={named} holds no upstream/")
    return None


def known_differences() -> dict[str, str]:
    """What is known not to agree, and why: ``id reason`` a line. May only shrink."""
    lines = (Path(__file__).parent / "known_differences.txt").read_text("utf-8").splitlines()
    pairs = (line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))
    return {name: reason for name, reason in pairs}  # noqa: C416  (a line without reason fails)


def read_lines(path: Path) -> Iterator[str]:
    """The lines of a file that are not empty; they end at line feeds only."""
    return filter(None, path.read_text("utf-8").split("\n"))


def decode(value: Any) -> Any:
    """Turn a recorded value into one of an event."""
    match value:
        case {"$b64": str(text)}:
            return base64.b64decode(text).decode("utf-8", "surrogateescape")
        case {"$float": str(text)}:
            return float(text)
        case {"$bigdecimal": str(text)}:
            return Decimal(text)
        case dict():
            return {name: decode(item) for name, item in value.items()}
        case list():
            return [decode(item) for item in value]
        case _:
            return value


def encode(value: Any) -> Any:
    """Turn a value of an event into what a recording of it holds."""
    match value:
        case Timestamp():
            return "<NOW>" if value == NOW else str(value)
        case Decimal() if math.isinf(float(value)):
            return encode(float(value))
        case Decimal():
            number = float(value)
            exact = Decimal(repr(number)) == value
            return number if exact else {"$bigdecimal": str(value)}
        case float() if value - value != 0:
            return {"$float": "NaN" if value != value else f"{'-' * (value < 0)}Infinity"}
        case str() if not value.isascii():
            return _encode_text(value)
        case dict():
            return {name: encode(item) for name, item in value.items()}
        case list():
            return [encode(item) for item in value]
        case _:
            return value


def _encode_text(text: str) -> Any:
    try:
        text.encode()
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "surrogateescape")
        return {"$b64": base64.b64encode(raw).decode()}
    return text


def read_printed(text: str) -> Any:
    """Read what Logstash printed: a fraction no double holds stays what it is."""
    return json.loads(
        text,
        parse_float=lambda digits: encode(Decimal(digits)),
        parse_constant=lambda name: encode(float(name)),
    )


def printed(fields: dict[str, Any]) -> Any:
    """Fields as they read once Logstash's json codec has printed them."""
    return read_printed(to_json(fields).replace(str(NOW), "<NOW>"))


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal, kinds of numbers included.

    So are two texts that print the same hash: Logstash prints its entries in an order that
    depends on where they lie in memory.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, str) and isinstance(right, str) and left[:1] == right[:1] == "{":
        return left == right or _same_printed(left, right)
    return type(left) is type(right) and bool(left == right)


def _same_printed(left: str, right: str) -> bool:
    try:
        return same(json.loads(left), json.loads(right))
    except ValueError:
        return False

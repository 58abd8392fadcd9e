r"""Unicode properties by the names that ``\p{…}`` and ``[[:…:]]`` know.

``properties.txt`` holds them as JRuby 9.4.13 has them (Unicode 15.0): the names of a set,
a bar, and its ranges in base 36, each written as its distance from the end of the range
before and, where it has more than one member, its length.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from toolkit.languages.ruby_regex.codes import Codes, codes_of

POSIX = (
    *("alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph"),
    *("lower", "print", "punct", "space", "upper", "xdigit", "word"),
)

WORD = Codes.of((48, 57), (65, 90), (95, 95), (97, 122))
DIGIT = Codes.of((48, 57))
SPACE = Codes.of((9, 13), (32, 32))
HEX = Codes.of((48, 57), (65, 70), (97, 102))


def find_property(name: str) -> Codes | None:
    r"""Find the property of ``\p{name}``: case, blanks, ``-`` and ``_`` are ignored.

    >>> find_property("In Basic-Latin")
    Codes('\x00-\x7f')
    """
    return _read("".join(c for c in name.lower() if c not in " -_"))


@cache
def _read(name: str) -> Codes | None:
    written = _lines().get(name)
    return None if written is None else Codes(tuple(_ranges(written)))


@cache
def bounding_word() -> Codes:
    r"""Return the word characters of ``\b``: for Joni six more than ``\w`` has, all of Latin-1."""
    word = find_property("word") or WORD
    return word | codes_of("²³¹¼½¾")


def _ranges(written: str) -> list[tuple[int, int]]:
    ranges, end = [], 0
    for token in written.split():
        distance, _, length = token.partition(":")
        start = end + int(distance, 36)
        end = start + int(length or "0", 36)
        ranges.append((start, end))
    return ranges


@cache
def _lines() -> dict[str, str]:
    text = Path(__file__).with_name("properties.txt").read_text("ascii")
    lines = (line.partition(" | ") for line in text.splitlines())
    return {name: ranges for names, _, ranges in lines for name in names.split()}

"""Offsets and zone ids as elements of a format."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from toolkit.languages.java_time.parsed import Mismatch, Parsed


@dataclass(frozen=True, slots=True)
class Offset:
    """An offset such as ``+01:00``; ``pattern`` as in Java, ``+HHmm`` and the like.

    Capital letters are mandatory, small ones optional.
    """

    pattern: str
    zero: str = "Z"

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the offset, or the word for none."""
        if self.zero and text.startswith(self.zero, at):
            parsed.put("offset", 0)
            return at + len(self.zero)
        match = _offset_regex(self.pattern).match(text, at)
        if match is None:
            raise Mismatch("no offset")
        sign, *parts = match.groups(default="0")
        hours, minutes, seconds = [*map(int, parts), 0, 0][:3]
        if hours > 23:
            raise Mismatch("an offset has at most 23 hours")
        total = hours * 3600 + minutes * 60 + seconds
        if total > 18 * 3600:
            raise Mismatch("an offset has at most 18 hours")
        parsed.put("offset", -total if sign == "-" else total)
        return match.end()

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the offset of UTC."""
        return self.zero


@cache
def _offset_regex(pattern: str) -> re.Pattern[str]:
    colon = ":" if ":" in pattern else ""
    minutes, seconds = (f"{colon}([0-5][0-9])",) * 2
    shapes = {
        "HH": "",
        "HHmm": f"(?:{minutes})?",
        "HHMM": minutes,
        "HHMMss": f"{minutes}(?:{seconds})?",
        "HHMMSS": f"{minutes}{seconds}",
        "HHmmss": f"(?:{minutes}(?:{seconds})?)?",
    }
    return re.compile(r"([+-])([0-5][0-9])" + shapes[pattern.lstrip("+").replace(":", "")])


@dataclass(frozen=True, slots=True)
class ZoneId:
    """A zone id such as ``Europe/Paris``, ``UTC+01:00``, ``Z``, or an offset."""

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the longest id that is there."""
        if text[at : at + 1] in ("+", "-"):
            return self._read_offset(text, at, at, parsed)
        for prefix in ("UTC", "GMT", "UT"):
            if text.startswith(prefix, at):
                if text.startswith("GMT0", at):
                    parsed.zone = 0
                    return at + 4
                return self._read_offset(text, at, at + len(prefix), parsed)
        match = _REGION.match(text, at)
        for end in range(match.end() if match else at, at, -1):
            if is_region(text[at:end]):
                parsed.zone = text[at:end]
                return end
        if text.startswith("Z", at):
            parsed.zone = 0
            return at + 1
        raise Mismatch("no zone")

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the id of UTC."""
        return "Z"

    def _read_offset(self, text: str, start: int, at: int, parsed: Parsed) -> int:
        read = Parsed()
        try:
            end = Offset("+HH:MM:ss", "Z" if start == at else "0").read(text, at, read)
        except Mismatch:
            if start == at:
                raise
            parsed.zone = 0
            return at
        if start != at and text[at] == "0":
            parsed.zone = 0
            return at
        parsed.zone = read.fields["offset"]
        return end


_REGION = re.compile(r"[A-Za-z][A-Za-z0-9~/._+-]*")


_NOT_IN_JAVA = {"EST", "HST", "MST", "ROC", "Factory", "GMT+0", "GMT-0", "localtime"}


@cache
def _regions() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - _NOT_IN_JAVA)


def is_region(name: str) -> bool:
    """Return whether Java's time zone database has a region of this name."""
    return name in _regions()

"""The parts of a format: numbers, fractions, names, literals, optional sections.

``read`` returns the position after what it read, ``write`` the text of a moment's fields;
both raise `Mismatch`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from toolkit.languages.java_time.parsed import Mismatch, Parsed

__all__ = [
    "Element",
    "Fraction",
    "Group",
    "Literal",
    "Name",
    "Number",
    "Optional",
    "Padded",
    "Sign",
    "Year2",
]


class Element(Protocol):
    """One part of a format."""

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the part at ``at``; returns where the next part starts."""

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the part of a moment, whose fields are named as in `Parsed`."""


class Sign(Enum):
    """Which signs a number has (Java's ``SignStyle``)."""

    NORMAL = "a minus where negative"
    NONE = "none"
    EXCEEDS_PAD = "a plus where it is wider than its padding"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of ``least`` to ``most`` digits."""

    field: str
    least: int = 1
    most: int = 19
    sign: Sign = Sign.NORMAL
    reserved: int = 0
    """Digits left to the numbers that follow without a separator."""

    @property
    def fixed(self) -> bool:
        """Whether it leaves no choice: a number before it can reserve its digits."""
        return self.least == self.most and self.sign is Sign.NONE

    def reserve(self, digits: int) -> Number:
        """The same, leaving so many more digits to what follows."""
        return replace(self, reserved=self.reserved + digits)

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read it; the digits are ASCII."""
        start, negative, plus = self._read_sign(text, at)
        end = start
        while end < min(len(text), start + self.most + self.reserved) and text[end] in _DIGITS:
            end += 1
        if self.reserved:
            end = min(end, start + max(self.least, end - start - self.reserved))
        while end - start > _MOST_DIGITS and int(text[start:end]) >= 2**63:
            end -= 1
        if end - start < self.least:
            raise Mismatch(f"{self.field} has fewer than {self.least} digits")
        self._check_sign(int(text[start:end]), end - start, negative=negative, plus=plus)
        number = int(text[start:end])
        self.put(parsed, -number if negative else number, end - start)
        return end

    def put(self, parsed: Parsed, number: int, digits: int) -> None:
        """Keep what was read."""
        parsed.put(self.field, number)

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, padded with zeros."""
        number = moment[self.field]
        digits = str(abs(number)).rjust(self.least, "0")
        if len(str(abs(number))) > self.most or (number < 0 and self.sign is Sign.NONE):
            raise Mismatch(f"{self.field} {number} cannot be printed")
        wide = self.sign is Sign.EXCEEDS_PAD and number >= 10**self.least
        return f"{'-' * (number < 0)}{'+' * wide}{digits}"

    def _read_sign(self, text: str, at: int) -> tuple[int, bool, bool]:
        mark = text[at : at + 1]
        allowed = {Sign.NORMAL: "-", Sign.NONE: "", Sign.EXCEEDS_PAD: "+-"}[self.sign]
        if mark and mark in "+-":
            if mark not in allowed:
                raise Mismatch(f"{self.field} has a sign")
            return at + 1, mark == "-", mark == "+"
        return at, False, False

    def _check_sign(self, number: int, digits: int, *, negative: bool, plus: bool) -> None:
        if negative and number == 0:
            raise Mismatch("minus zero")
        if self.sign is Sign.EXCEEDS_PAD and not negative and plus != (digits > self.least):
            raise Mismatch(f"{self.field} has a plus sign only beyond {self.least} digits")


_DIGITS = frozenset("0123456789")
_MOST_DIGITS = 18


class Year2(Number):
    """A year of two digits, from 2000 to 2099."""

    __slots__ = ()

    def put(self, parsed: Parsed, number: int, digits: int) -> None:
        """Keep the year."""
        parsed.put(self.field, number + 2000)

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the last two digits."""
        return f"{abs(moment[self.field]) % 100:02}"


@dataclass(frozen=True, slots=True)
class Fraction:
    """A decimal fraction of a second (or of a millisecond: ``whole`` is 10^6 nanoseconds)."""

    least: int
    most: int
    point: bool
    field: str = "nano"
    whole: int = 10**9

    @property
    def fixed(self) -> bool:
        """Whether it leaves no choice: a number before it can reserve its digits."""
        return self.least == self.most and not self.point

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read it; nothing where it may be absent."""
        start = at + self.point
        if at >= len(text) or (self.point and text[at] != "."):
            if self.least:
                raise Mismatch("no fraction")
            return at
        end = start
        while end < min(len(text), start + self.most) and text[end] in _DIGITS:
            end += 1
        if end - start < self.least:
            raise Mismatch(f"a fraction of fewer than {self.least} digits")
        digits = text[start:end] or "0"
        parsed.put(self.field, int(digits) * self.whole // 10 ** len(digits))
        return end

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, cut off, without needless zeros."""
        width = len(str(self.whole)) - 1
        digits = f"{moment[self.field]:0{width}}"[: self.most].rstrip("0").ljust(self.least, "0")
        return f"{'.' * self.point}{digits}" if digits else ""


@dataclass(frozen=True, slots=True)
class Name:
    """A word for a number, such as a month's name."""

    field: str
    names: Mapping[int, str]

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the longest name that is there; of equal ones the last, so ``J`` is July."""
        for number, name in sorted(self.names.items(), key=lambda item: (-len(item[1]), -item[0])):
            if text.startswith(name, at):
                parsed.put(self.field, number)
                return at + len(name)
        raise Mismatch(f"no {self.field}")

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the name."""
        return self.names[moment[self.field]]


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself."""

    text: str

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Pass over it."""
        if not text.startswith(self.text, at):
            raise Mismatch(f"no `{self.text}`")
        return at + len(self.text)

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it."""
        return self.text


@dataclass(frozen=True, slots=True)
class Padded:
    """An element in a column of fixed width, filled from the left."""

    inner: Element
    width: int
    fill: str = " "

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the column, which the element must fill."""
        end = at + self.width
        start = at
        while start < end and text[start : start + 1] == self.fill:
            start += 1
        if end > len(text) or self.inner.read(text[:end], start, parsed) != end:
            raise Mismatch("the column is not filled")
        return end

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, filled up."""
        text = self.inner.write(moment)
        if len(text) > self.width:
            raise Mismatch("wider than its column")
        return text.rjust(self.width, self.fill)


@dataclass(frozen=True, slots=True)
class Group:
    """A section of its own: its numbers leave no digits to those that follow it."""

    inner: Sequence[Element]

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read each element."""
        for element in self.inner:
            at = element.read(text, at, parsed)
        return at

    def write(self, moment: Mapping[str, int]) -> str:
        """Print each element."""
        return "".join(element.write(moment) for element in self.inner)


@dataclass(frozen=True, slots=True)
class Optional:
    """A section that may be absent: read whole or not at all."""

    inner: Sequence[Element]

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the section if it is there."""
        attempt = parsed.copy()
        end = at
        try:
            for element in self.inner:
                end = element.read(text, end, attempt)
        except Mismatch:
            return at
        parsed.take(attempt)
        return end

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, unless the moment lacks a field."""
        try:
            return "".join(element.write(moment) for element in self.inner)
        except KeyError:
            return ""

"""The elements of a format: numbers, fractions, names, literals, optional sections.

``read`` returns the position after what it read, ``write`` the text of a moment's fields;
both raise `Mismatch`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar, Protocol

from toolkit.languages.java_time.parsed import Mismatch, Parsed


class Element(Protocol):
    """One part of a format."""

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the part at ``at``; returns where the next part starts.

        Args:
            text: The whole text.
            at: The offset of this part.
            parsed: Receives the fields that are read.

        Returns:
            The offset of the next part.

        Raises:
            Mismatch: The text does not fit.
        """

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the part of a moment, whose fields are named as in `Parsed`."""


class SignStyle(Enum):
    """The signs that a number may have (Java's ``SignStyle``)."""

    NORMAL = "-"
    NONE = ""
    EXCEEDS_PAD = "+-"
    """A plus exactly where the number has more digits than it is padded to."""


@dataclass(frozen=True, slots=True)
class NumberElement:
    """A number of ``least`` to ``most`` digits."""

    field: str
    least: int = 1
    most: int = 19
    sign: SignStyle = SignStyle.NORMAL
    reserved: int = 0
    """Digits left to the numbers that follow without a separator."""
    _base: ClassVar[int] = 0

    @property
    def fixed(self) -> bool:
        """True if its width is certain, so that a number before it can reserve its digits."""
        return self.least == self.most and self.sign is SignStyle.NONE

    def reserve(self, digits: int) -> NumberElement:
        """Return a copy that leaves so many more digits to what follows."""
        return replace(self, reserved=self.reserved + digits)

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read it; the digits are ASCII."""
        start, negative, plus = self._read_sign(text, at)
        end = start
        while end < min(len(text), start + self.most + self.reserved) and text[end] in _DIGITS:
            end += 1
        if self.reserved:
            end = min(end, start + max(self.least, end - start - self.reserved))
        # Java reads a long: of too many digits it takes as many as fit, and goes on from there.
        while end - start > _MOST_DIGITS and int(text[start:end]) >= 2**63:
            end -= 1
        if end - start < self.least:
            raise Mismatch(f"{self.field} has fewer than {self.least} digits")
        number = int(text[start:end])
        self._check_sign(number, end - start, negative=negative, plus=plus)
        parsed.put(self.field, self._base + (-number if negative else number))
        return end

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, padded with zeros."""
        number = moment[self.field]
        digits = f"{abs(number):0{self.least}}"
        if len(digits) > self.most or (number < 0 and self.sign is SignStyle.NONE):
            raise Mismatch(f"{self.field} {number} cannot be printed")
        if number < 0:
            return f"-{digits}"
        wide = len(digits) > self.least and self.sign is SignStyle.EXCEEDS_PAD
        return f"+{digits}" if wide else digits

    def _read_sign(self, text: str, at: int) -> tuple[int, bool, bool]:
        mark = text[at : at + 1]
        if mark and mark in "+-":
            if mark not in self.sign.value:
                raise Mismatch(f"{self.field} has a sign")
            return at + 1, mark == "-", mark == "+"
        return at, False, False

    def _check_sign(self, number: int, digits: int, *, negative: bool, plus: bool) -> None:
        if negative and number == 0:
            raise Mismatch("minus zero")
        if self.sign is SignStyle.EXCEEDS_PAD and not negative and plus != (digits > self.least):
            raise Mismatch(f"{self.field} has a plus sign only beyond {self.least} digits")


_DIGITS = frozenset("0123456789")
_MOST_DIGITS = 18


class TwoDigitYear(NumberElement):
    """The last two digits of a year, from 2000 to 2099."""

    __slots__ = ()
    _base: ClassVar[int] = 2000

    def write(self, moment: Mapping[str, int]) -> str:
        """Print the last two digits."""
        return f"{abs(moment[self.field]) % 100:02}"


@dataclass(frozen=True, slots=True)
class FractionElement:
    """A decimal fraction of a second, after a point or not."""

    least: int
    most: int
    point: bool

    @property
    def fixed(self) -> bool:
        """True if its width is certain, so that a number before it can reserve its digits."""
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
        parsed.put("nano", int(text[start:end].ljust(9, "0")))
        return end

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, cut off, without needless zeros."""
        digits = f"{moment['nano']:09}"[: self.most].rstrip("0").ljust(self.least, "0")
        return f"{'.' * self.point}{digits}" if digits else ""


@dataclass(frozen=True, slots=True)
class NameElement:
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
class LiteralText:
    """Text that is read and printed as it is."""

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

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the column, which the element must fill."""
        end = at + self.width
        start = at
        while start < end and text[start : start + 1] == " ":
            start += 1
        if end > len(text) or self.inner.read(text[:end], start, parsed) != end:
            raise Mismatch("the column is not filled")
        return end

    def write(self, moment: Mapping[str, int]) -> str:
        """Print it, filled up."""
        text = self.inner.write(moment)
        if len(text) > self.width:
            raise Mismatch(
                f"Cannot print as output of {len(text)} characters "
                f"exceeds pad width of {self.width}"
            )
        return text.rjust(self.width)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of its own: its numbers leave no digits to those that follow it."""

    inner: Sequence[Element]

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read each element."""
        for element in self.inner:
            at = element.read(text, at, parsed)
        return at

    def write(self, moment: Mapping[str, int]) -> str:
        """Print each element."""
        return "".join([element.write(moment) for element in self.inner])


class OptionalSection(Section):
    """A section that may be absent: read whole or not at all, and always printed.

    It would not be printed of a moment without one of its fields, but an instant has all.
    """

    __slots__ = ()

    def read(self, text: str, at: int, parsed: Parsed) -> int:
        """Read the section if it is there."""
        attempt = parsed.copy()
        try:
            end = Section.read(self, text, at, attempt)
        except Mismatch:
            return at
        parsed.take(attempt)
        return end


def is_number(element: Element) -> bool:
    """Return whether digits can adjoin the element, as in ``yyyyMMdd``."""
    match element:
        case NumberElement() | FractionElement(fixed=True):
            return True
    return False


def adjoin(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Let a number leave digits to the fixed ones that follow it without a separator."""
    joined: list[Element] = []
    base = -1
    for element in elements:
        match joined[base] if base >= 0 else None, element:
            case NumberElement() as head, (
                NumberElement(fixed=True) | FractionElement(fixed=True) as follower
            ):
                joined[base] = head.reserve(follower.most)
            case _:
                base = len(joined) if is_number(element) else -1
        joined.append(element)
    return tuple(joined)

"""How dissect reads a mapping, ``%{a} - %{+b/2}``, and cuts a text by it.

As logstash-filter-dissect 1.2.5 does, oddities included: text after the last ``}`` is a
delimiter that must be found, and a delimiter found at the very beginning of the text is not
passed over, so that the next field begins there again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class MappingError(ValueError):
    """A mapping with which Logstash does not start: the place, and Logstash's message."""

    def __init__(self, message: str, start: int, end: int, *, logstash: str) -> None:
        super().__init__(message)
        self.message, self.start, self.end, self.logstash = message, start, end, logstash


class Kind(IntEnum):
    """The use of a part's value; parts are stored in this order."""

    SKIPPED = 0
    STORED = 1
    APPENDED = 2
    INDIRECT = 3
    """Stored in the field that the value of the field, or part, of this name names."""


_PREFIXES = {"": Kind.SKIPPED, "?": Kind.SKIPPED, "+": Kind.APPENDED, "&": Kind.INDIRECT}
_PART = re.compile(r"(.*?)%\{([^}]*?)\}", re.DOTALL)
_SUFFIX = r"/[0-9]{1,2}|->|/[0-9]{1,2}->|->/[0-9]{1,2}"
_NAME = re.compile(rf"([^\n\r\x85\u2028\u2029]+?)({_SUFFIX})?")
_SUFFIX_ALONE = re.compile(rf"({_SUFFIX})?")
_ORDER = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One ``%{…}`` of a mapping and the text before it."""

    name: str
    kind: Kind
    order: int
    """Of appended parts: the number after ``/``."""
    delimiter: str
    greedy: bool
    """True if repetitions of the delimiter after the part are skipped (``->``)."""
    span: tuple[int, int] = (0, 0)
    """The characters between its braces."""

    @property
    def joint(self) -> str:
        """The separator before an appended value."""
        return self.delimiter or " "


class Dissection:
    """A mapping ready to be used.

    >>> dissection = Dissection("%{a->} %{?b} %{+c/2}")
    >>> [(part.name, part.kind.name) for part in dissection.parts]
    [('a', 'STORED'), ('b', 'SKIPPED'), ('c', 'APPENDED')]
    >>> dissection.cut("1   2 3 4")
    ['1', '2', '3 4']
    """

    def __init__(self, mapping: str) -> None:
        """Read ``mapping``, or raise `MappingError`."""
        self.parts = tuple(_parts(mapping))
        self.saved = tuple(
            sorted(
                (index for index, part in enumerate(self.parts) if part.kind != Kind.SKIPPED),
                key=lambda index: (self.parts[index].kind, self.parts[index].order),
            )
        )
        """The indices of the parts that are stored, in the order in which they are."""

    def cut(self, text: str) -> list[str] | None:
        """Return each part's value, or None where a delimiter is missing."""
        if not self.parts or not text:
            return None
        values: list[str] = []
        left = 0
        greedy = False
        for part, following in zip(self.parts, self.parts[1:], strict=False):
            start = self._begin(text, left, part.delimiter, greedy=greedy)
            end = _find(text, following.delimiter, start) if start >= 0 else -1
            if end < 0:
                return None
            values.append(text[start:end])
            left = end + len(following.delimiter) if end else start
            greedy = part.greedy
        start = self._begin(text, left, self.parts[-1].delimiter, greedy=greedy)
        return [*values, text[start:]] if start >= 0 else None

    def _begin(self, text: str, left: int, delimiter: str, *, greedy: bool) -> int:
        """Where the value begins; -1 if the text does not begin as the mapping does."""
        if greedy:
            while delimiter and text.startswith(delimiter, left):
                left += len(delimiter)
        elif left == 0 and self.parts[0].delimiter:
            return len(delimiter) if delimiter and text.startswith(delimiter) else -1
        return left


def _find(text: str, delimiter: str, start: int) -> int:
    return text.find(delimiter, start) if delimiter else -1


def _parts(mapping: str) -> Iterator[Part]:
    found = list(_PART.finditer(mapping))
    for match in found:
        yield _part(match[2], match[1], match.start(2))
    rest = mapping.rpartition("}")[2]
    if rest and not found:
        says = "Index -1 out of bounds for length 1"
        raise MappingError("there is no field in it", 0, len(mapping), logstash=says)
    if rest:
        yield Part("auto_added_skip", Kind.SKIPPED, 0, rest, greedy=False)


def _part(text: str, delimiter: str, start: int) -> Part:
    end = start + len(text)
    if text[:2] in ("+&", "&+"):
        says = "Field cannot prefix with both Append and Indirect Prefix"
        message = "a field cannot be appended and indirect at once"
        raise MappingError(message, start, end, logstash=f"{says} ({text[:2]}): {text}")
    kind = _PREFIXES.get(text[:1], Kind.STORED)
    name, suffix = _split_suffix(text if kind == Kind.STORED else text[1:])
    if not name and kind in (Kind.APPENDED, Kind.INDIRECT):
        says = (
            "and a suffix without a name section" if suffix else "on its own without further text"
        )
        message = f"`{text[0]}` has no name after it"
        raise MappingError(message, start, end, logstash=f"Field cannot be a prefix {says}")
    number = _ORDER.search(suffix) if kind == Kind.APPENDED else None
    order = int(number[0]) if number else 0
    return Part(name, kind, order, delimiter, "->" in suffix, (start, end))


def _split_suffix(text: str) -> tuple[str, str]:
    if _SUFFIX_ALONE.fullmatch(text):
        return "", text
    match = _NAME.fullmatch(text)
    return (match[1], match[2] or "") if match else (text, "")

"""The lines of Prometheus's text format 0.0.4: samples, and ``# HELP`` and ``# TYPE``.

As in Prometheus's own parser, quoted names of any characters and a trailing comma after
labels are valid; hexadecimal numbers and carriage returns are not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_TYPES = frozenset({"counter", "gauge", "histogram", "summary", "untyped"})

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"')
_VALUE = re.compile(r"([^ \t]+)(?:[ \t]+(-?[0-9]+))?")
_NUMBER = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE
)
_COMMENT = re.compile(r'#[ \t]+(HELP|TYPE)[ \t]+("(?:\\.|[^"\\])*"|[^ \t]+)(?:[ \t]+(.*))?')
_ESCAPE = re.compile(r'\\([\\"n])')


class SampleFormatError(ValueError):
    """The line is not in the format."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series and its value; a timestamp is left out."""

    name: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Comment:
    """A ``# HELP`` or a ``# TYPE`` line."""

    keyword: str
    name: str
    text: str


def parse_comment(line: str) -> Comment | None:
    """Parse a line with ``#``; None for a plain comment; raises `SampleFormatError`."""
    found = _COMMENT.fullmatch(line)
    if found is None:
        return None
    keyword, name, text = found[1], found[2], found[3] or ""
    if name.startswith('"'):
        name = _unescaped(name[1:-1])
    if keyword == "TYPE" and text not in _TYPES:
        raise SampleFormatError(f"`{text}` is not a type of a metric")
    return Comment(keyword, name, text if keyword == "TYPE" else _unescaped(text))


def parse_series(line: str) -> Series:
    r"""Parse a line that is not a comment; raises `SampleFormatError`.

    >>> parse_series('a{b="c\\"d", } 3e2 1700000000000')
    Series(name='a', labels={'b': 'c"d'}, value=300.0)
    """
    cursor = _Cursor(line)
    bare = cursor.take(_NAME)
    name, labels = bare[0] if bare else "", dict[str, str]()
    if cursor.passes("{"):
        quoted = _labels(cursor, labels)
        if quoted and name:
            raise SampleFormatError(f"the metric has two names, `{name}` and `{quoted}`")
        name = name or quoted
    if not name:
        raise SampleFormatError("the line does not begin with a metric name")
    return Series(name, labels, _value(cursor))


class _Cursor:
    """A place in a line; blanks before a token are skipped."""

    def __init__(self, line: str) -> None:
        self.line, self.at = line, 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Consume a match of the pattern, if there is one."""
        self._skip()
        found = pattern.match(self.line, self.at)
        if found:
            self.at = found.end()
        return found

    def passes(self, character: str) -> bool:
        """Consume the character, if it is next."""
        self._skip()
        here = self.line.startswith(character, self.at)
        self.at += here
        return here

    def rest(self) -> str:
        return self.line[self.at :].strip(" \t")

    def _skip(self) -> None:
        while self.at < len(self.line) and self.line[self.at] in " \t":
            self.at += 1


def _labels(cursor: _Cursor, labels: dict[str, str]) -> str:
    """Parse up to the closing brace; return the quoted name of the metric, if it is there."""
    name = ""
    while not cursor.passes("}"):
        quoted = cursor.take(_QUOTED)
        bare = None if quoted else cursor.take(_LABEL)
        word = _unescaped(quoted[1]) if quoted else bare[0] if bare else ""
        if cursor.passes("="):
            _add(labels, word, cursor)
        elif quoted and not (name or labels):
            name = word
        else:
            raise SampleFormatError(f"expected a label at `{cursor.rest()[:20]}`")
        if not cursor.passes(",") and not cursor.line.startswith("}", cursor.at):
            raise SampleFormatError(f"expected `,` or `}}` at `{cursor.rest()[:20]}`")
    return name


def _add(labels: dict[str, str], name: str, cursor: _Cursor) -> None:
    value = cursor.take(_QUOTED)
    if not name or value is None:
        raise SampleFormatError(f"the label `{name}` has no quoted value")
    if name in labels:
        raise SampleFormatError(f"duplicate label `{name}`")
    labels[name] = _unescaped(value[1])


def _value(cursor: _Cursor) -> float:
    found = _VALUE.fullmatch(cursor.rest())
    if found is None or not _NUMBER.fullmatch(found[1]):
        raise SampleFormatError(f"`{cursor.rest()}` is not a value")
    return float(found[1])


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], text)

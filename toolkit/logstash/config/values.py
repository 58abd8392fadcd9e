"""The grammar of attributes and of their values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeVar

from toolkit.logstash.config.cursor import SPACE, Cursor
from toolkit.logstash.config.nodes import (
    Array,
    Attribute,
    Bareword,
    Hash,
    HashEntry,
    Number,
    Plugin,
    String,
    Value,
)

_ItemT = TypeVar("_ItemT")
NAME = re.compile(r"[A-Za-z0-9_-]+")
BAREWORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
_STRINGS: dict[str, tuple[Literal['"', "'"], re.Pattern[str]]] = {
    '"': ('"', re.compile(r'"((?:\\"|[^"])*+)"')),
    "'": ("'", re.compile(r"'((?:\\'|[^'])*+)'")),
}
_ENOUGH_DIGITS = 100
"""Logstash has no number of more digits, and Python refuses to convert very many."""
_BEFORE_BRACE = re.compile(rf"{SPACE}\{{")


def plugin(cursor: Cursor, construct: str = "plugin") -> Plugin:
    """``plugin: name cs "{" cs (attribute (whitespace cs attribute)*)? cs "}"``."""
    start = cursor.position
    quoted = string(cursor)
    name = cursor.text[slice(*quoted.span)] if quoted else cursor.take(NAME)
    if name is None:
        cursor.fail("statement")
    cursor.skip()
    attributes: list[Attribute] = []
    with cursor.inside(f"{construct} `{name}`", start, "{}", "attribute"):
        while not cursor.sees("}"):
            attributes.append(attribute(cursor))
            _separate(cursor)
    return Plugin(name, tuple(attributes), span=(start, cursor.position))


def _separate(cursor: Cursor) -> None:
    """``whitespace cs``, or ``cs`` at the end: a comment is not enough to separate."""
    end = cursor.position
    cursor.skip()
    if not cursor.sees("}") and not cursor.text.startswith((" ", "\t", "\r", "\n"), end):
        cursor.fail("space", end)


def attribute(cursor: Cursor) -> Attribute:
    """``attribute: name cs "=>" cs value``."""
    start = cursor.position
    quoted = string(cursor)
    name = quoted.raw if quoted else cursor.take(NAME)
    if name is None:
        cursor.fail("attribute")
    given = _arrow_and_value(cursor)
    quote = quoted.quote if quoted else ""
    return Attribute(name, given, quote, span=(start, cursor.position))


def _arrow_and_value(cursor: Cursor) -> Value:
    """``cs "=>" cs value``."""
    cursor.skip()
    cursor.expect("=>", "arrow")
    cursor.skip()
    return value(cursor)


def value(cursor: Cursor) -> Value:
    """``value: plugin / bareword / string / number / array / hash``."""
    if _plugin_follows(cursor):
        return plugin(cursor, "codec")
    if word := bareword(cursor):
        return word
    if text := string(cursor):
        meaning = cursor.meaning
        return meaning.of_operand(text) if cursor.in_condition else meaning.of_option(text)
    if digits := number(cursor):
        return digits
    if cursor.sees("["):
        return array(cursor)
    if not cursor.sees("{"):
        cursor.fail("value")
    return hash_(cursor)


def _plugin_follows(cursor: Cursor) -> bool:
    start = cursor.position
    named = cursor.take(NAME) or _take_quoted(cursor)
    end, cursor.position = cursor.position, start
    return bool(named) and _BEFORE_BRACE.match(cursor.text, end) is not None


def _take_quoted(cursor: Cursor) -> str | None:
    pair = _STRINGS.get(cursor.text[cursor.position : cursor.position + 1])
    return cursor.take(pair[1]) if pair else None


def bareword(cursor: Cursor) -> Bareword | None:
    """``bareword: [A-Za-z_] [A-Za-z0-9_]+``."""
    start = cursor.position
    word = cursor.take(BAREWORD)
    return Bareword(word, span=(start, cursor.position)) if word else None


def string(cursor: Cursor) -> String | None:
    r"""``string: '"' ('\"' / !'"' .)* '"'``, or the same with single quotes."""
    start = cursor.position
    pair = _STRINGS.get(cursor.text[start : start + 1])
    if pair is None:
        return None
    quote, pattern = pair
    if cursor.take(pattern) is None:
        cursor.fail("quote")
    span = (start, cursor.position)
    cursor.strings.append(span)
    raw = cursor.text[start + 1 : cursor.position - 1]
    return cursor.meaning.of_constant(String(raw, quote, span=span))


def number(cursor: Cursor) -> Number | None:
    """``number: "-"? [0-9]+ ("." [0-9]*)?``."""
    start = cursor.position
    raw = cursor.take(_NUMBER)
    return Number(raw, _meaning(raw), span=(start, cursor.position)) if raw else None


def _meaning(raw: str) -> int | float:
    """Parse ``raw`` as Ruby's ``Integer()`` and ``Float()``; approximately if they fail."""
    if "." in raw:
        return float(raw)
    digits = raw.lstrip("-")
    if digits.startswith("0") and not set(digits) & set("89"):
        return int(raw, 8)
    return int(raw[:_ENOUGH_DIGITS])


def array(cursor: Cursor) -> Array:
    """``array: "[" cs (value (cs "," cs value)*)? cs "]"``."""
    start = cursor.position
    with cursor.inside("array", start, "[]", "comma"):
        values = comma_separated(cursor, value, "]")
    return Array(values, span=(start, cursor.position))


def comma_separated(
    cursor: Cursor, item: Callable[[Cursor], _ItemT], closing: str
) -> tuple[_ItemT, ...]:
    """``(item (cs "," cs item)*)? cs``.

    Args:
        cursor: Points at the first item, or at the closing bracket.
        item: Parses one item.
        closing: The bracket that ends the list.
    """
    items: list[_ItemT] = []
    while (not items and not cursor.sees(closing)) or cursor.accept(","):
        cursor.skip()
        items.append(item(cursor))
        cursor.skip()
    return tuple(items)


def hash_(cursor: Cursor) -> Hash:
    """``hash: "{" cs (hashentry (cs hashentry)*)? cs "}"``."""
    start = cursor.position
    entries: list[HashEntry] = []
    with cursor.inside("hash", start, "{}", "hash entry"):
        while not cursor.sees("}"):
            entries.append(hash_entry(cursor))
            cursor.skip()
    return Hash(tuple(entries), span=(start, cursor.position))


def hash_entry(cursor: Cursor) -> HashEntry:
    """``hashentry: (number / bareword / string) cs "=>" cs value``."""
    start = cursor.position
    key = number(cursor) or bareword(cursor) or string(cursor)
    if key is None:
        cursor.fail("hash entry")
    given = _arrow_and_value(cursor)
    return HashEntry(key, given, span=(start, cursor.position))

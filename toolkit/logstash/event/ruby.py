r"""Ruby's string methods, as JRuby 9.4 (Logstash 8.13 to 9.2) carries them out.

They differ from Python's namesakes in many small ways, each measured on the real one:
what counts as blank is ASCII, trailing empty pieces of `split` vanish, ``1_000`` and
``12abc`` are numbers, `capitalize` makes ``Ss`` of ``ß``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from toolkit.languages.ruby_regex import Match, Regex
from toolkit.logstash.event.values import Value, inspect, is_unicode

_SPACE = "\t\n\v\f\r "
_INTEGER = re.compile(r"[\t-\r ]*([+-]?)(?:0[dD](?=[0-9]))?((?:[0-9]+_?)*)")
_FLOAT = re.compile(
    r"""[\t\n\f\r ]* (?P<sign>[+-]?)
    (?: (?P<whole>[0-9][0-9_]*) (?:\._?(?P<fraction>[0-9][0-9_]*))?
      | \._?(?P<bare>[0-9][0-9_]*) )
    (?: [eE]_*(?P<minus>[+-]?)(?P<exponent>[0-9_]*) )?""",
    re.VERBOSE,
)
_PLAIN_FLOAT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_EXPONENT_DIGITS = 3
_PYTHON_DIGITS = 4000
"""`int` reads no more than 4,300 digits at once; `Decimal` reads any number."""


class RubyError(Exception):
    """An exception in Ruby: a value has no such method, an argument is of the wrong kind."""


def _valid(text: str) -> str:
    """Raise `RubyError` unless it is UTF-8, as every method on characters does."""
    if not is_unicode(text):
        raise RubyError("invalid byte sequence in UTF-8")
    return text


def to_i(text: str) -> int:
    """Parse the integer at the beginning of ``text``; 0 if it is missing (``String#to_i``).

    >>> [to_i(text) for text in ("12abc", " -7", "1_000", "1e3", "0x10", "0d9", "")]
    [12, -7, 1000, 1, 0, 9, 0]
    """
    if text.isascii() and text.isdecimal() and len(text) < _PYTHON_DIGITS:
        return int(text)
    match = _INTEGER.match(text)
    digits = match[2].replace("_", "") if match else ""
    if not match or not digits:
        return 0
    number = match[1] + digits
    return int(number) if len(number) < _PYTHON_DIGITS else int(Decimal(number))


def to_f(text: str) -> float:
    """Parse the float at the beginning of ``text``; 0.0 if it is missing (``String#to_f``).

    JRuby takes an exponent of four digits for infinite, whatever it belongs to.

    >>> [to_f(text) for text in ("1.5x", ".5", "1_0.2_5", "1.e3", "1e-2", "0x10", "0e1000")]
    [1.5, 0.5, 10.25, 1.0, 0.01, 0.0, inf]
    """
    if _PLAIN_FLOAT.fullmatch(text):
        return float(text)
    match = _FLOAT.match(text)
    if match is None:
        return 0.0
    whole = match["whole"] or "0"
    fraction = match["fraction"] or match["bare"] or "0"
    exponent = (match["exponent"] or "").replace("_", "").lstrip("0") or "0"
    if len(exponent) > _EXPONENT_DIGITS:
        return float(match["sign"] + ("0" if match["minus"] == "-" else "inf"))
    number = f"{match['sign']}{whole}.{fraction}e{match['minus'] or ''}"
    return float(number.replace("_", "") + exponent)


def strip(text: str) -> str:
    r"""Take ASCII blanks and NUL off both ends (``String#strip``).

    >>> strip(" \t\0x\xa0\n\0")
    'x\xa0'
    """
    return text.strip(_SPACE + "\0")


def upcase(text: str) -> str:
    """Put ``text`` in upper case, by Unicode's full mapping (``String#upcase``)."""
    return _valid(text).upper()


def downcase(text: str) -> str:
    """Put ``text`` in lower case (``String#downcase``); a final sigma is no special case.

    >>> downcase("ΟΔΟΣ"), "ΟΔΟΣ".lower()
    ('οδοσ', 'οδος')
    """
    return _valid(text).replace("Σ", "σ").lower()


def capitalize(text: str) -> str:
    """Put the first letter in title case, the rest in lower case (``String#capitalize``).

    >>> capitalize("éCOLE"), capitalize("ß")
    ('École', 'Ss')
    """
    first, rest = text[:1], text[1:]
    # Georgian capitals are for headlines only: no word begins with one.
    georgian = "\u1c90" <= first <= "\u1cbf"
    return (downcase(first) if georgian else first.title()) + downcase(rest)


def split(text: str, separator: str, *, keep_empty: bool = False) -> list[str]:
    """Split at each ``separator`` (``String#split``).

    Args:
        text: The text.
        separator: A blank separates at any run of blanks, ``""`` between all characters.
        keep_empty: Keep trailing empty pieces, as with a limit of -1.

    >>> split("a,,b,,", ","), split("a,,b,,", ",", keep_empty=True), split("", ",")
    (['a', '', 'b'], ['a', '', 'b', '', ''], [])
    >>> split("  a  b ", " "), split("ab", ""), split("ab", "", keep_empty=True)
    (['a', 'b'], ['a', 'b'], ['a', 'b', ''])
    """
    if not _valid(text):
        return []
    if separator == "":
        pieces = [*text, ""]
    elif separator == " ":
        pieces = re.split(f"[{_SPACE}]+", text.lstrip(_SPACE))
    else:
        pieces = text.split(separator)
    while not keep_empty and pieces and not pieces[-1]:
        pieces.pop()
    return pieces


def gsub(text: str, regex: Regex, replacement: str) -> str:
    r"""Replace each match, empty ones included (``String#gsub``).

    Args:
        text: The text.
        regex: The expression to search for.
        replacement: In it, ``\0`` or ``\&`` is the match, ``\1`` to ``\9`` a group (only if no
            group has a name), ``\k<name>`` a named one, ``\+`` the last one that took part,
            ``\``` and ``\'`` the text before and after; ``\\`` is a backslash, and so is one
            before any other character.
    """
    pieces = [*_REFERENCE.finditer(replacement)]
    out: list[str] = []
    end = 0
    for match in _matches(_valid(text), regex):
        start, stop = match.span()
        out += text[end:start], _expand(match, regex, text, replacement, pieces)
        end = stop
    return "".join(out) + text[end:] if out else text


def _matches(text: str, regex: Regex) -> Iterator[Match]:
    position = 0
    while position <= len(text) and (match := regex.search(text, position)):
        yield match
        start, stop = match.span()
        position = stop if stop > start else stop + 1


_REFERENCE = re.compile(r"\\(?:([0-9&`'+\\])|k(<)(?:([^>]*)>)?)")


def _expand(
    match: Match, regex: Regex, text: str, replacement: str, pieces: list[re.Match[str]]
) -> str:
    out: list[str] = []
    end = 0
    for piece in pieces:
        out.append(replacement[end : piece.start()])
        out.append(
            _named(match, regex, piece[3]) if piece[2] else _meant(match, regex, text, piece[1])
        )
        end = piece.end()
    return "".join(out) + replacement[end:]


def _named(match: Match, regex: Regex, name: str | None) -> str:
    if name is None:
        raise RubyError("invalid group name reference format")
    numbers = [number for known, number in regex.names if known == name]
    if not numbers:
        raise RubyError(f"undefined name <{name}> reference")
    texts = (match.group(number) for number in reversed(numbers))
    return next((text for text in texts if text is not None), "")


def _meant(match: Match, regex: Regex, text: str, sign: str) -> str:
    start, stop = match.span()
    match sign:
        case "\\":
            return sign
        case "0" | "&":
            return text[start:stop]
        case "`":
            return text[:start]
        case "'":
            return text[stop:]
        case "+":
            groups = (match.group(number) for number in range(regex.groups, 0, -1))
            return next((group for group in groups if group is not None), "")
        case _ if regex.names or int(sign) > regex.groups:
            return ""
        case _:
            return match.group(int(sign)) or ""


def to_s(value: Value) -> str:
    """Print ``value`` as its ``to_s`` does: null is empty, ``1e20`` is ``1.0e+20``."""
    if isinstance(value, str):
        return value
    return "" if value is None else inspect(value)


def join(values: list[Any], separator: str) -> str:
    """Join the elements, those of arrays among them too (``Array#join``).

    >>> join(["a", ["b", None], 1], "-")
    'a-b--1'
    """
    return separator.join(
        join(value, separator) if isinstance(value, list) else to_s(value) for value in values
    )


def array(value: Value) -> list[Any]:
    """Make an array of anything (``Kernel#Array``): a hash becomes its pairs, null nothing."""
    match value:
        case None:
            return []
        case list():
            return list(value)
        case dict():
            return [[key, item] for key, item in value.items()]
        case _:
            return [value]

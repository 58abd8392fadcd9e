"""The converters of Ruby's CSV library, which the csv filter offers.

As csv 3.2.5 on JRuby 9.4 does; a text that is not of the kind comes back as it was.
"""

from __future__ import annotations

import re

from toolkit.logstash.event import ruby

_INTEGER = re.compile(
    r"""[\t-\r ]* (?P<sign>[+-]?)
    (?: 0[xX] (?P<hex>[0-9a-fA-F](?:_?[0-9a-fA-F])*)
      | 0[bB] (?P<binary>[01](?:_?[01])*)
      | 0(?:[oO]|_)? (?P<octal>[0-7](?:_?[0-7])*)
      | (?:0[dD])? (?P<decimal>[0-9](?:_?[0-9])*) )
    (?P<gap>_?) (?P<stray>[\x01-\x08\x0e-\x1f!-^`-\x7f]?) (?P<blank>[\t-\r ]*)""",
    re.VERBOSE,
)
_BASES = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}
_LONG = {"hex": 15, "binary": 63, "octal": 21, "decimal": 16}
_LEADING_ZERO = re.compile(r"[\t-\r ]*[+-]?0[0-9_]")
_DIGITS = r"[0-9](?:_?[0-9])*"
_FLOAT = re.compile(
    rf"""[\t\n\f\r ]* [+-]? (?: {_DIGITS} (?:\.{_DIGITS})? | \.{_DIGITS} )
    (?: [eE] (?: [+-] | (?:[+-]_?)?{_DIGITS} | (?=[\t\n\f\r ]) ) )? [\t\n\f\r ]*""",
    re.VERBOSE,
)
_HEX = r"[0-9a-fA-F](?:_?[0-9a-fA-F])*"
_HEX_FLOAT = re.compile(rf"(0x{_HEX}(?:(?:\.{_HEX})?[pP][+-]?{_DIGITS})?)[\t\n\f\r ]*")


def to_integer(text: str) -> int | str:
    """Read an integer as Ruby's ``Integer()`` does, prefixes and underscores included.

    >>> [to_integer(text) for text in (" 12 ", "0x1A", "017", "1_000", "08", "1.0")]
    [12, 26, 15, 1000, '08', '1.0']
    """
    match = _INTEGER.fullmatch(text)
    kind = next((name for name in _BASES if match and match[name]), None)
    if match is None or kind is None or not _is_integer(match, kind):
        return text
    digits = match["sign"] + match[kind].replace("_", "")
    return ruby.to_i(digits) if kind == "decimal" else int(digits, _BASES[kind])


def _is_integer(match: re.Match[str], kind: str) -> bool:
    """JRuby's reader of long numbers overlooks one character after the digits."""
    if kind == "decimal" and _LEADING_ZERO.match(match[0]):
        return False
    digits = (match[kind] + match["gap"]).lstrip("0_")
    long = "_" in digits or len(digits) >= _LONG[kind]
    if match["stray"]:
        return long
    return not match["gap"] or (long and match["blank"] != "")


def to_float(text: str) -> float | str:
    """Read a float as Ruby's ``Float()`` does.

    >>> [to_float(text) for text in ("1", " .5", "1e3", "1_0.5", "0x1A", "1.", "nan")]
    [1.0, 0.5, 1000.0, 10.5, 26.0, '1.', 'nan']
    """
    if _FLOAT.fullmatch(text):
        return ruby.to_f(text)
    match = _HEX_FLOAT.fullmatch(text)
    return _from_hex(match[1].replace("_", "")) if match else text


def _from_hex(text: str) -> float:
    try:
        return float.fromhex(text)
    except OverflowError:
        return float("inf")


def to_boolean(text: str) -> bool | str:
    """Parse a boolean; other text is returned stripped and in lower case.

    >>> to_boolean(" TRUE "), to_boolean("Maybe ")
    (True, 'maybe')
    """
    word = ruby.downcase(ruby.strip(text))
    return {"true": True, "false": False}.get(word, word)

"""``String#inspect`` of JRuby 9.4."""

from __future__ import annotations

import re
import unicodedata

_NAMED = {
    "\a": r"\a", "\b": r"\b", "\t": r"\t", "\n": r"\n", "\v": r"\v", "\f": r"\f", "\r": r"\r",
    "\x1b": r"\e", '"': r"\"", "\\": r"\\", "#": r"\#",
}  # fmt: skip
_SPECIAL = re.compile(r'["\\]|#(?=[{$@])|[^ -~]')
_NOT_PRINTED = {"Cc", "Cn", "Cs", "Zl", "Zp"}
_NEXT_LINE = "\x85"


def inspect_text(text: str) -> str:
    r"""Print ``text`` in quotes, what cannot be seen as an escape, bytes that are no UTF-8 too.

    >>> print(inspect_text('a"#{x}\t\0é\udce9\u2028'))
    "a\"\#{x}\t\u0000é\xE9\u2028"
    """
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02X}"
    if char == _NEXT_LINE or unicodedata.category(char) not in _NOT_PRINTED:
        return char
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\u{{{code:X}}}"

r"""Ruby's own pass over a pattern, before its regex engine parses it.

Bytes above 0x7F (``\xC3\xA9``, octal, control and meta escapes) and ``\u…`` become the
characters they encode; lower ones are written ``\xHH``. Faults found here come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from toolkit.languages.ruby_regex.errors import RegexError

_NAMED_BYTES = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11, "a": 7, "e": 27, "\\": 92}
_PLAIN = re.compile(r"[^\\]+")
_OCTAL = re.compile("[0-7]{1,3}")
_HEX_BYTE = re.compile("[0-9a-fA-F]{1,2}")
_HEX_UNIT = re.compile("[0-9a-fA-F]{4}")
_HEX_LIST = re.compile(r"[ \t\n\r\f\v]*((?:[0-9a-fA-F]+[ \t\n\r\f\v]*)+)\}")
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Preprocessed:
    """The pattern as the engine parses it, and the original offsets of its characters."""

    text: str
    offsets: tuple[int, ...] | None
    """The offset of each character, and of the end; None if all are unchanged."""

    def place(self, offset: int) -> int:
        """Return the offset in the pattern of the character at ``offset`` of the text."""
        return offset if self.offsets is None else self.offsets[offset]


def preprocess(pattern: str) -> Preprocessed:
    """Resolve the escapes of bytes; raises `RegexError`."""
    if "\\" not in pattern:
        return Preprocessed(pattern, None)
    pieces: list[str] = []
    offsets: list[int] = []
    place = 0
    while place < len(pattern):
        start = place
        if plain := _PLAIN.match(pattern, start):
            piece, place = plain[0], plain.end()
        else:
            piece, place = _escape(pattern, start)
        pieces.append(piece)
        moved = len(piece) != place - start
        offsets.extend([start] * len(piece) if moved else range(start, place))
    text = "".join(pieces)
    offsets.append(len(pattern))
    return Preprocessed(text, None if text == pattern else tuple(offsets))


def _escape(pattern: str, start: int) -> tuple[str, int]:
    letter = pattern[start + 1 : start + 2]
    if not letter:
        raise RegexError("too short escape sequence", start, start + 1)
    if letter == "u":
        return _unicode(pattern, start)
    if letter in "xcCM" or (letter in "01234567" and _is_byte(pattern, start + 1)):
        return _bytes(pattern, start)
    return pattern[start : start + 2], start + 2


def _is_byte(pattern: str, start: int) -> bool:
    digits = _OCTAL.match(pattern, start)
    return pattern[start] == "0" or (digits is not None and int(digits[0], 8) > 0x7F)


def _bytes(pattern: str, start: int) -> tuple[str, int]:
    value, end = _byte(pattern, start)
    if value < 0x80:
        return f"\\x{value:02X}", end
    encoded = bytearray([value])
    while True:
        try:
            return encoded.decode(), end
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data" or len(encoded) == _LONGEST:
                raise RegexError("invalid multibyte escape", start, end) from None
        if pattern[end : end + 1] != "\\":
            raise RegexError("too short escaped multibyte character", start, end)
        value, end = _byte(pattern, end)
        encoded.append(value)


def _byte(pattern: str, start: int) -> tuple[int, int]:
    """Read an escape of one byte; return its value and its end."""
    letter = pattern[start + 1 : start + 2]
    if digits := _OCTAL.match(pattern, start + 1):
        if (value := int(digits[0], 8)) > 0xFF:
            raise RegexError("invalid escape code", start, digits.end())
        return value, digits.end()
    if letter in _NAMED_BYTES:
        return _NAMED_BYTES[letter], start + 2
    if letter == "x":
        digits = _HEX_BYTE.match(pattern, start + 2)
        if digits is None:
            raise RegexError("invalid hex escape", start, start + 2)
        return int(digits[0], 16), digits.end()
    if letter in ("c", "C", "M"):
        return _modified(pattern, start)
    raise RegexError("unexpected escape sequence", start, start + 2)


def _modified(pattern: str, start: int) -> tuple[int, int]:
    r"""Read ``\cX``, ``\C-X`` or ``\M-X``, where X may be such an escape again."""
    place, control, meta = start, False, False
    while True:
        letter = pattern[place + 1 : place + 2]
        if letter not in ("c", "C", "M"):
            value, end = _byte(pattern, place)
            break
        word = "meta" if letter == "M" else "control"
        if meta if letter == "M" else control:
            raise RegexError(f"duplicate {word} escape", start, place + 2)
        control, meta = control or letter != "M", meta or letter == "M"
        place += 2 if letter == "c" else 3
        following = pattern[place : place + 1]
        if (letter != "c" and pattern[place - 1 : place] != "-") or not following.isascii():
            raise RegexError(f"too short {word} escape", start, place)
        if not following:
            raise RegexError(f"too short {word} escape", start, place)
        if following != "\\":
            value, end = ord(following), place + 1
            break
    return value & (0x1F if control else 0xFF) | (0x80 if meta else 0), end


def _unicode(pattern: str, start: int) -> tuple[str, int]:
    if pattern[start + 2 : start + 3] == "{":
        listed = _HEX_LIST.match(pattern, start + 3)
        if listed is None:
            raise RegexError("invalid Unicode list", start, len(pattern))
        units = listed[1].split()
        if any(len(unit) > 6 for unit in units):
            raise RegexError("invalid Unicode range", start, listed.end())
        return "".join(_scalar(int(unit, 16), start, listed.end()) for unit in units), listed.end()
    if start + 2 == len(pattern):
        raise RegexError("too short escape sequence", start, start + 2)
    digits = _HEX_UNIT.match(pattern, start + 2)
    if digits is None:
        raise RegexError("invalid Unicode escape", start, start + 2)
    return _scalar(int(digits[0], 16), start, digits.end()), digits.end()


def _scalar(code: int, start: int, end: int) -> str:
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        raise RegexError("invalid Unicode range", start, end)
    return f"\\x{code:02X}" if code < 0x80 else chr(code)

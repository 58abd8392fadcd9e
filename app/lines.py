"""The form of a log line, in which no text from outside can forge a line or a field.

``2026-01-10 00:45:12 INFO Root endpoint accessed method=GET path=/ status=200 …``: the
time in UTC, the level, a message, then fields. Every `=` of a line is the format's own and
every byte is printable ASCII, because anything else is percent-encoded. Only a traceback
follows on lines of its own, and none of them begins like a log line.
"""

from __future__ import annotations

import re
import string
import time
from collections.abc import Mapping
from urllib.parse import quote

Value = str | bytes | int

_IN_VALUES = "/:@"
_IN_MESSAGES = "".join(set(string.punctuation + " ") - {"%", "="})
_LINE_START = re.compile(r"[0-9]{4}-")


def render(
    seconds: float, level: str, message: str, fields: Mapping[str, Value], traceback: str = ""
) -> str:
    r"""Write what happened at a time (seconds since 1970) as a line, without its end.

    >>> render(1768005912.3, "INFO", "Seen", {"path": b"/a b\r\n=\xff", "status": 200})
    '2026-01-10 00:45:12 INFO Seen path=/a%20b%0D%0A%3D%FF status=200'
    """
    instant = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
    words = [instant, level, _encode(message, _IN_MESSAGES)]
    words += [f"{name}={_encode(value, _IN_VALUES)}" for name, value in fields.items()]
    return "\n".join([" ".join(words), *_continuation(traceback)])


def _encode(value: Value, safe: str) -> str:
    data = value if isinstance(value, bytes) else str(value).encode(errors="backslashreplace")
    return quote(data, safe=safe)


def _continuation(traceback: str) -> list[str]:
    """Split a traceback into lines that show their control characters.

    An exception's message is text from outside too: where one of its lines begins like a
    log line, a blank keeps it part of the traceback.
    """
    lines = ["".join(map(_visible, line)) for line in traceback.split("\n") if line]
    return [f" {line}" if _LINE_START.match(line) else line for line in lines]


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode()

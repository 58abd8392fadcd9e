"""Descriptions of the text that a pattern, or a piece of a regular expression, matches."""

from __future__ import annotations

import re

_PATTERNS = {
    "INT POSINT NONNEGINT NUMBER BASE10NUM MINUTE HOUR SECOND YEAR": "a digit",
    "BASE16NUM BASE16FLOAT": "a hexadecimal digit",
    "WORD": "a word of ASCII letters, digits and _",
    "NOTSPACE": "something that is no blank",
    "QUOTEDSTRING QS": "a text in quotes",
    "UUID": "a UUID",
    "IP IPV4 IPV6 CLIENTIP": "an IP address",
    "IPORHOST HOSTNAME HOST SYSLOGHOST": "a host name or an IP address",
    "MAC COMMONMAC CISCOMAC WINDOWSMAC": "a MAC address",
    "URI URIPROTO": "a URI",
    "PATH UNIXPATH WINPATH URIPATH": "a path",
    "EMAILADDRESS EMAILLOCALPART": "an e-mail address",
    "LOGLEVEL": "a log level",
    "MONTH": "the name of a month",
    "MONTHNUM MONTHNUM2": "a month from 01 to 12",
    "MONTHDAY": "a day from 01 to 31",
    "DAY": "the name of a day",
    "TIMESTAMP_ISO8601": "a time such as 2026-01-10T00:45:12",
    "HTTPDATE": "a time such as 10/Jan/2026:00:45:12 +0000",
    "SYSLOGTIMESTAMP": "a time such as Jan 10 00:45:12",
    "TIME": "a time such as 00:45:12",
    "TZ": "a time zone",
}
_BY_NAME = {name: need for names, need in _PATTERNS.items() for name in names.split()}
_REGEXES = {
    r"\d": "a digit",
    "[0-9]": "a digit",
    "[1-9]": "a digit from 1 to 9",
    r"\h": "a hexadecimal digit",
    r"\w": "an ASCII letter, a digit or _",
    r"\W": "something that is no ASCII letter, digit or _",
    r"\s": "a blank",
    r"\S": "something that is no blank",
    r"\b": "the edge of a word",
    "^": "the start of a line",
    r"\A": "the start of the text",
    "$": "the end of the line",
    r"\Z": "the end of the text",
    r"\z": "the end of the text",
    ".": "one more character",
    "[a-z]": "a small ASCII letter",
    "[A-Z]": "a capital ASCII letter",
    "[a-zA-Z]": "an ASCII letter",
    "[A-Za-z]": "an ASCII letter",
}
_LITERAL = re.compile(r"(?:\\[^\w\s]|[^\\\[\](){}|?*+^$.%]|%(?!\{))+(?![?*{])")
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_LONGEST = 40


def need_of_pattern(name: str, definition: str) -> str:
    """Describe the text that a pattern matches; by its definition if it is not well known.

    >>> need_of_pattern("LOGLEVEL", "..."), need_of_pattern("ORDER", "[A-Z]{2}")
    ('a log level', '`[A-Z]{2}`')
    """
    return _BY_NAME.get(name) or _quoted(definition)


def need_of_regex(text: str, start: int, end: int) -> str:
    r"""Describe the text that a piece of an expression matches.

    Args:
        text: The expression.
        start: Offset of the piece; literal text is described beyond its end.
        end: Offset of its end.

    >>> need_of_regex(r" status=%{INT}", 0, 1), need_of_regex("[0-9]+", 0, 6)
    ('` status=`', 'a digit')
    >>> need_of_regex("(?<a>x|y)", 0, 9)
    '`(?<a>x|y)`'
    """
    literal = _LITERAL.match(text, start)
    if literal is not None:
        return _quoted(re.sub(r"\\(.)", r"\1", literal[0]))
    piece = _PIECE.match(text, start)
    if piece is not None and piece[0] in _REGEXES:
        return _REGEXES[piece[0]]
    if piece is not None and piece[0].startswith("[^") and len(piece[0]) == 4:
        return f"anything but `{piece[0][2]}`"
    return _quoted(text[start:end])


def _quoted(text: str) -> str:
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"

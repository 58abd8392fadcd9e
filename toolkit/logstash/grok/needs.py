"""Descriptions of the text that a pattern, or a piece of a regular expression, matches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from toolkit.logstash.texts import read_texts

_LITERAL = re.compile(r"(?:\\[^\w\s]|[^\\\[\](){}|?*+^$.%]|%(?!\{))+(?![?*{])")
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_LONGEST = 40


def need_of_pattern(name: str, definition: str) -> str:
    """Describe the text that a pattern matches; by its definition if it is not well known.

    >>> need_of_pattern("LOGLEVEL", "..."), need_of_pattern("ORDER", "[A-Z]{2}")
    ('a log level', '`[A-Z]{2}`')
    """
    return _needs("patterns").get(name) or _quoted(definition)


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
    if piece is not None and piece[0] in _needs("pieces"):
        return _needs("pieces")[piece[0]]
    if piece is not None and piece[0].startswith("[^") and len(piece[0]) == 4:
        return f"anything but `{piece[0][2]}`"
    return _quoted(text[start:end])


@cache
def _needs(table: str) -> Mapping[str, str]:
    rows = read_texts(__package__, "needs.toml")[table].items()
    return {name: need for need, names in rows for name in names.split()}


def _quoted(text: str) -> str:
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"

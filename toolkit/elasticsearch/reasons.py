"""Why a server refuses a document, in words that are alike for like documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"^\[\d+:\d+\] ")
"""Where in the document: another place in each."""
_WITH_VALUE = re.compile(r" in document with id .*", re.DOTALL)


def reason(error: Mapping[str, Any]) -> str:
    """What a server says of an error, as the emulation says it: what, and what caused it.

    >>> reason({
    ...     "reason": "[1:6] failed to parse field [ms] of type [float] in document with id '1'."
    ...     " Preview of field's value: '12ms'",
    ...     "caused_by": {"reason": 'For input string: "12ms"'},
    ... })
    'failed to parse field [ms] of type [float]: For input string: "12ms"'
    """
    said, cause = head(error), error.get("caused_by") or {}
    why = _PLACE.sub("", str(cause.get("reason") or "")).partition("\n")[0]
    return said if not why or why in said else f"{said}: {why}"


def head(error: Mapping[str, Any]) -> str:
    """What a server says, without the value, the place and the id: the same for many documents.

    >>> head({"reason": "[1:9] failed to parse in document with id '7'"})
    'failed to parse'
    """
    said = str(error.get("reason") or error.get("type") or "")
    return _PLACE.sub("", _WITH_VALUE.sub("", said))

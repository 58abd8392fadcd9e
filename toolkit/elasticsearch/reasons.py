"""Error reasons of a server, normalized so that similar documents give equal reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"^\[\d+:\d+\] ")
"""Position in the document, which differs between documents."""
_WITH_VALUE = re.compile(r" in document with id .*", re.DOTALL)


def reason(error: Mapping[str, Any]) -> str:
    """Return the reason of an error and its cause, in the form that the emulation uses.

    >>> reason({
    ...     "reason": "[1:6] failed to parse field [ms] of type [float] in document with id '1'."
    ...     " Preview of field's value: '12ms'",
    ...     "caused_by": {"reason": 'For input string: "12ms"'},
    ... })
    'failed to parse field [ms] of type [float]: For input string: "12ms"'
    """
    summary, cause = head(error), error.get("caused_by") or {}
    why = _PLACE.sub("", str(cause.get("reason") or "")).partition("\n")[0]
    return summary if not why or why in summary else f"{summary}: {why}"


def head(error: Mapping[str, Any]) -> str:
    """Return the reason of an error without the value, the position and the document's id.

    >>> head({"reason": "[1:9] failed to parse in document with id '7'"})
    'failed to parse'
    """
    text = str(error.get("reason") or error.get("type") or "")
    return _PLACE.sub("", _WITH_VALUE.sub("", text))

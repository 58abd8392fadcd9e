"""Label selectors: what a Service, a workload, a monitor or a budget takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["selects"]


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a selector takes an object with these labels.

    A Service's selector is a plain mapping; others have ``matchLabels`` and
    ``matchExpressions``. An absent selector takes nothing, an empty one everything.

    >>> selects({"matchLabels": {"app": "a"}}, {"app": "a", "x": "y"}), selects(None, {})
    (True, False)
    """
    if selector is None:
        return False
    if "matchLabels" not in selector and "matchExpressions" not in selector:
        return all(labels.get(name) == value for name, value in selector.items())
    equal = selector.get("matchLabels") or {}
    return all(labels.get(name) == value for name, value in equal.items()) and all(
        _holds(each, labels) for each in selector.get("matchExpressions") or ()
    )


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, values = expression.get("key", ""), expression.get("values") or ()
    match expression.get("operator"):
        case "In":
            return labels.get(key) in values
        case "NotIn":
            return labels.get(key) not in values
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            return False

"""Label selectors of metrics as the controller prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def shown_selector(selector: Mapping[str, Any] | None) -> str:
    """As it stands in messages and in the name of an external metric.

    >>> shown_selector(None)
    'nil'
    >>> shown_selector({"matchLabels": {"queue": "work"}})
    '&LabelSelector{MatchLabels:map[string]string{queue: work,},MatchExpressions:[]LabelSelectorRequirement{},}'
    """  # noqa: E501
    if selector is None:
        return "nil"
    labels = sorted((selector.get("matchLabels") or {}).items())
    pairs = "".join(f"{name}: {value}," for name, value in labels)
    needs = "".join(_requirement(each) for each in selector.get("matchExpressions") or ())
    return (
        f"&LabelSelector{{MatchLabels:map[string]string{{{pairs}}},"
        f"MatchExpressions:[]LabelSelectorRequirement{{{needs}}},}}"
    )


def _requirement(need: Mapping[str, Any]) -> str:
    values = " ".join(need.get("values") or ())
    return (
        f"LabelSelectorRequirement{{Key:{need['key']},Operator:{need['operator']},"
        f"Values:[{values}],}},"
    )

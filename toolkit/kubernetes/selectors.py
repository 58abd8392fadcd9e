"""Label selectors of Services, workloads, monitors and budgets."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

from toolkit.kubernetes.manifests import items, mapping


def selects(selector: Any, labels: Mapping[str, Any]) -> bool:
    """Return True if a selector matches an object with these labels.

    A Service's selector is a plain mapping; others have ``matchLabels`` and
    ``matchExpressions``. A missing selector matches nothing, an empty one everything.

    >>> selects({"matchLabels": {"app": "a"}}, {"app": "a", "x": "y"}), selects(None, {})
    (True, False)
    """
    if not isinstance(selector, Mapping):
        return False
    equal = _equal(selector)
    return all(name in labels and labels[name] == value for name, value in equal.items()) and all(
        _holds(each, labels) for _, each in items(selector.get("matchExpressions"))
    )


_IDENTITY = ("app", "name", "k8s-app", "app.kubernetes.io/name", "app.kubernetes.io/instance")
"""Labels that distinguish one program from others."""
_CLOSE = 0.8
"""From 0 to 1, equal."""


def alike(one: str, other: str) -> bool:
    """True if two names are the same but for a slip.

    >>> alike("cart", "carts"), alike("shop", "grafana")
    (True, False)
    """
    return SequenceMatcher(None, one, other).ratio() >= _CLOSE


def resembles(selector: Any, labels: Mapping[str, Any]) -> bool:
    """True if a selector most likely means an object with these labels, and does not take it.

    What distinguishes programs is the same, or misspelt, or under another key; a selector without
    such a label must have a counterpart to all that it asks for.

    >>> resembles({"app": "shopp"}, {"app": "shop"}), resembles({"app": "a"}, {"tier": "a"})
    (True, True)
    >>> resembles({"app": "a", "tier": "web"}, {"app": "b", "tier": "web"})
    False
    """
    wanted = _equal(mapping(selector))
    telling = {key: wanted[key] for key in _IDENTITY if key in wanted}
    return bool(wanted) and all(
        value in labels.values() or alike(str(value), str(labels.get(key, "")))
        for key, value in (telling or wanted).items()
    )


def _equal(selector: Mapping[str, Any]) -> Mapping[str, Any]:
    if "matchLabels" in selector or "matchExpressions" in selector:
        return mapping(selector.get("matchLabels"))
    return selector


def _holds(expression: Mapping[str, Any], labels: Mapping[str, Any]) -> bool:
    key, values = str(expression.get("key", "")), expression.get("values")
    listed = values if isinstance(values, list) else []
    match expression.get("operator"):
        case "In":
            return key in labels and labels[key] in listed
        case "NotIn":
            return key not in labels or labels[key] not in listed
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
        case _:
            return False


def shown(selector: Any) -> str:
    """Return a selector in the syntax of ``kubectl --selector``.

    >>> shown({"app": "a", "tier": "web"}), shown({"matchLabels": {"app": "a"}})
    ('app=a, tier=web', 'app=a')
    """
    found = mapping(selector)
    equal = [f"{name}={value}" for name, value in _equal(found).items()]
    others = [_shown(each) for _, each in items(found.get("matchExpressions"))]
    return ", ".join([*equal, *others])


def counterpart(selector: Any, labels: Mapping[str, Any]) -> str:
    """Describe the labels with the keys of a selector.

    >>> counterpart({"app": "a", "tier": "web"}, {"app": "b", "x": "y"})
    'has `app=b` and no `tier`'
    """
    found = mapping(selector)
    keys = [*_equal(found), *(str(e.get("key")) for _, e in items(found.get("matchExpressions")))]
    held = [f"{key}={labels[key]}" for key in keys if key in labels]
    missing = [f"`{key}`" for key in keys if key not in labels]
    parts = [f"`{', '.join(held)}`"] if held else []
    parts += [f"no {' and no '.join(missing)}"] if missing else []
    return f"has {' and '.join(parts)}"


def _shown(expression: Mapping[str, Any]) -> str:
    key, values = expression.get("key", ""), expression.get("values")
    listed = ",".join(map(str, values)) if isinstance(values, list) else ""
    match expression.get("operator"):
        case "In":
            return f"{key} in ({listed})"
        case "NotIn":
            return f"{key} notin ({listed})"
        case "DoesNotExist":
            return f"!{key}"
        case _:
            return str(key)

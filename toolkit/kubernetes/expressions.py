"""Rules in definitions of custom resources, as expressions of CEL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.kubernetes.manifests import items, mapping, variable
from toolkit.languages.positioned import Path

RULES = "x-kubernetes-validations"
_FIELD = re.compile(r"(?:\.\w+)+")


def violated(value: Any, form: Mapping[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Yield the rules of a schema that a new object violates, or that cannot be evaluated.

    Rules about a change do not count for an object that is new.

    >>> list(violated({"min": 2}, {RULES: [{"rule": "self.min < 2", "message": "too many"}]}))
    [((), 'violates the rule `self.min < 2`: too many', '')]

    Returns:
        The path below the value; the fault; the rule, if it cannot be evaluated.
    """
    for _, each in items(form.get(RULES)):
        rule = str(each.get("rule") or "")
        changes = re.search(r"\boldSelf\b", rule)
        if not changes or each.get("optionalOldSelf"):
            for message, unknown in _judged(rule, value, form):
                said = str(each.get("message") or message).strip()
                fault = f"violates the rule `{rule}`" + (f": {said}" if said else "")
                yield _below(each), fault, rule if unknown else ""


def _below(rule: Mapping[str, Any]) -> Path:
    path = str(rule.get("fieldPath") or "")
    return tuple(path.split(".")[1:]) if _FIELD.fullmatch(path) else ()


def _judged(rule: str, value: Any, form: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield why a rule is violated, and True if that is not known."""
    from toolkit.languages.cel import CelError, UnknownExpression, parse

    try:
        if _is_open(value) or not isinstance(
            held := parse(rule)({"self": _full(value, form)}), bool
        ):
            yield "", True
        elif not held:
            yield "", False
    except UnknownExpression:
        yield "", True
    except CelError as error:
        yield str(error), False


def _is_open(value: Any) -> bool:
    """Return True if another program fills in a part of a value."""
    parts = list(value.values()) if isinstance(value, dict) else value
    return any(map(_is_open, parts)) if isinstance(parts, list) else bool(variable(value))


def _full(value: Any, form: Mapping[str, Any]) -> Any:
    """Return a value with the defaults of its schema, and without nulls."""
    if isinstance(value, list):
        return [_full(each, mapping(form.get("items"))) for each in value]
    if not isinstance(value, dict):
        return value
    own, others = mapping(form.get("properties")), mapping(form.get("additionalProperties"))
    unset = {
        key: mapping(each)["default"] for key, each in own.items() if "default" in mapping(each)
    }
    whole = {**unset, **{key: each for key, each in value.items() if each is not None}}
    return {key: _full(each, mapping(own.get(key, others))) for key, each in whole.items()}

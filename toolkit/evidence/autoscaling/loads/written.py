"""Load traces written by hand, as YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.loads.load import (
    REQUESTS,
    LoadTrace,
    costed,
    refused,
    seconds_of,
    thousandths,
    traced,
)
from toolkit.findings import Location
from toolkit.languages.positioned import Positioned
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_3

_PROMISES = ("reaches", "within", "back", "flaps")
_METRICS = ("cpu", "memory", REQUESTS)
_KEYS = (*_METRICS, "metrics", "cost", "until", "title", *_PROMISES)


def read_written(source: str, text: str, scaled: Scalable, cost: str | None) -> LoadTrace:
    """Parse values by time, for each metric.

    Args:
        source: The file name.
        text: Its content.
        scaled: The autoscaler that it is for.
        cost: CPU of a request, such as ``15ms``, if the file has none.
    """
    document = _document(source, text)
    stated = document.value
    for key in stated:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, n=1)
            what = f"`{key}` is not a key of a trace"
            fix = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(_KEYS)}."
            raise refused(what, document.locate_key(str(key)), fix=fix)
    found = {key: _points(document, key) for key in _METRICS if key in stated}
    for name in stated.get("metrics") or {}:
        found[str(name)] = _points(document, "metrics", name)
    if not found:
        raise refused(f"{source} has no values", Location(source, 1))
    if REQUESTS in found:
        own = stated.get("cost", cost)
        found["cpu"] = costed(found.pop(REQUESTS), own, document.locate_key(REQUESTS))
    last = max(points[-1][0] for points in found.values())
    until = _read(document, seconds_of, "until") if "until" in stated else last
    promises = {key: _promise(document, key) for key in _PROMISES if key in stated}
    where = document.locate_key()
    return LoadTrace(where, traced(found, scaled), round(max(until, last) * 1000), promises)


def _document(source: str, text: str) -> Positioned:
    found = read_document(text, source, GO_YAML_3, what="the trace")
    for path, where in found.duplicates:
        raise refused(f"`{path[-1]}` is a duplicate key", where)
    if not isinstance(found.value, Mapping):
        raise refused(f"{source} is not a mapping", Location(source, 1))
    return found


def _promise(document: Positioned, key: str) -> Any:
    """Return the value of an expectation that the trace overrides."""
    value = document.value[key]
    if key == "flaps":
        wanted, fits = "`never` or `allowed`", value in ("never", "allowed")
    elif key == "reaches":
        wanted, fits = "a number of replicas", type(value) is int and value > 0
    else:
        wanted = "a number of seconds, or `auto`"
        fits = value == "auto" or (type(value) in (int, float) and value >= 0)
    if not fits:
        raise refused(f"`{key}` is `{value}`, wanted {wanted}", document.locate_key(key))
    return float(value) if type(value) is int and key != "reaches" else value


def _points(document: Positioned, *path: str) -> list[tuple[float, float]]:
    """Return the values by time, ascending."""
    value: Any = document.value
    for part in path:
        value = value[part]
    if not isinstance(value, Mapping) or not value:
        raise refused(f"`{path[-1]}` has no values by time", document.locate_key(*path))
    quantity = float if path[-1] == REQUESTS else thousandths
    points = [
        (_time(document, time, *path), _read(document, quantity, *path, time)) for time in value
    ]
    if any(later[0] <= earlier[0] for earlier, later in pairwise(points)):
        raise refused(f"the times of `{path[-1]}` do not ascend", document.locate_key(*path))
    return points


def _time(document: Positioned, stated: Any, *path: str) -> float:
    try:
        return seconds_of(stated)
    except ValueError as error:
        raise refused(str(error), document.locate_key(*path, stated)) from error


def _read(document: Positioned, read: Callable[[Any], float], *path: str) -> float:
    value: Any = document.value
    for part in path:
        value = value[part]
    try:
        return read(value)
    except (TypeError, ValueError) as error:
        raise refused(str(error), document.locate_key(*path)) from error

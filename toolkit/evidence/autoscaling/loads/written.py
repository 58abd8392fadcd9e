"""Loads that people write, as YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import yaml

from toolkit.errors import InputError
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
from toolkit.kubernetes.documents import Document, documents
from toolkit.yamltext import not_yaml, place_of

_PROMISES = ("reaches", "within", "back", "flaps")
_METRICS = ("cpu", "memory", REQUESTS)
_KEYS = (*_METRICS, "metrics", "cost", "until", "title", *_PROMISES)


def read_written(source: str, text: str, scaled: Scalable, cost: str | None) -> LoadTrace:
    """Read what people write: values by time, for each metric."""
    document = _document(source, text)
    stated = document.value
    for key in stated:
        if key not in _KEYS:
            near = get_close_matches(str(key), _KEYS, n=1)
            what = f"`{key}` is no key of a trace"
            fix = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(_KEYS)}."
            raise refused(what, _at(document, str(key)), fix=fix)
    found = {key: _points(document, key) for key in _METRICS if key in stated}
    for name in stated.get("metrics") or {}:
        found[str(name)] = _points(document, "metrics", name)
    if not found:
        raise refused(f"{source} has no values", Location(source, 1))
    if REQUESTS in found:
        own = stated.get("cost", cost)
        found["cpu"] = costed(found.pop(REQUESTS), own, _at(document, REQUESTS))
    last = max(points[-1][0] for points in found.values())
    until = _read(document, seconds_of, "until") if "until" in stated else last
    promises = {key: _promise(document, key) for key in _PROMISES if key in stated}
    where = _at(document)
    return LoadTrace(where, traced(found, scaled), round(max(until, last) * 1000), promises)


def _document(source: str, text: str) -> Document:
    try:
        found = next(documents(text, source), None)
    except yaml.YAMLError as error:
        where = place_of(error, source, text.split("\n"))
        raise InputError(not_yaml(error, "the trace", where, "correct the line.")) from error
    if found is not None and found.twice:
        path, place = next(iter(found.twice.items()))
        raise refused(f"`{path[-1]}` stands twice", place)
    if found is None or not isinstance(found.value, Mapping):
        raise refused(f"{source} is no mapping", Location(source, 1))
    return found


def _promise(document: Document, key: str) -> Any:
    """What the trace promises otherwise than the contract."""
    value = document.value[key]
    if key == "flaps":
        wanted, fits = "`never` or `allowed`", value in ("never", "allowed")
    elif key == "reaches":
        wanted, fits = "a number of replicas", type(value) is int and value > 0
    else:
        wanted = "a number of seconds, or `auto`"
        fits = value == "auto" or (type(value) in (int, float) and value >= 0)
    if not fits:
        raise refused(f"`{key}` is `{value}`, wanted {wanted}", _at(document, key))
    return float(value) if type(value) is int and key != "reaches" else value


def _points(document: Document, *path: str) -> list[tuple[float, float]]:
    """Values by time, ascending."""
    value: Any = document.value
    for part in path:
        value = value[part]
    if not isinstance(value, Mapping) or not value:
        raise refused(f"`{path[-1]}` has no values by time", _at(document, *path))
    quantity = float if path[-1] == REQUESTS else thousandths
    points = [
        (_time(document, time, *path), _read(document, quantity, *path, time)) for time in value
    ]
    if any(later[0] <= earlier[0] for earlier, later in pairwise(points)):
        raise refused(f"the times of `{path[-1]}` do not ascend", _at(document, *path))
    return points


def _time(document: Document, stated: Any, *path: str) -> float:
    try:
        return seconds_of(stated)
    except ValueError as error:
        raise refused(str(error), _at(document, *path, stated)) from error


def _read(document: Document, read: Callable[[Any], float], *path: str) -> float:
    value: Any = document.value
    for part in path:
        value = value[part]
    try:
        return read(value)
    except (TypeError, ValueError) as error:
        raise refused(str(error), _at(document, *path)) from error


def _at(document: Document, *path: str) -> Location:
    while path and path not in document.places:
        path = path[:-1]
    return document.places[path]

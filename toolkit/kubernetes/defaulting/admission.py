"""Objects as the API server stores them, with the pods that it admits for them.

A workload's template is replaced by the pod that is made of it: with the defaults of pods, of
LimitRanges, and the overhead of its RuntimeClass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from toolkit.kubernetes.defaulting import defaulted
from toolkit.kubernetes.defaulting.forms import Body, filled
from toolkit.kubernetes.defaulting.pods import POD
from toolkit.kubernetes.manifests import Manifest, items, mapping
from toolkit.kubernetes.workloads import pod_path
from toolkit.languages.positioned import Path


def admitted(
    found: Iterable[Manifest], together: Callable[[Manifest, Manifest], bool]
) -> Iterator[Manifest]:
    """Yield each object with its defaults, and workloads with those of their pods.

    Args:
        found: All objects of a deployment.
        together: Returns True if two objects go to one namespace.
    """
    stored = [replace(each, body=defaulted(each.body), stated=each.written) for each in found]
    ranges = [each for each in stored if each.kind == "LimitRange"]
    runtimes = {each.name: each for each in stored if each.kind == "RuntimeClass"}
    for each in stored:
        path = pod_path(each)
        if isinstance(each.get(*path, "spec", "containers"), list):
            pod = filled(each.get(*path), POD)
            limits = [limit for limit in ranges if together(limit, each)]
            spec = _admitted(pod["spec"], limits, runtimes)
            each = replace(each, body=_replaced(each.body, path, {**pod, "spec": spec}))
        yield each


def _admitted(spec: Body, ranges: list[Manifest], runtimes: Mapping[str, Manifest]) -> Body:
    runtime = runtimes.get(str(spec.get("runtimeClassName")))
    if overhead := runtime and runtime.get("overhead", "podFixed"):
        spec = {**spec, "overhead": overhead}
    for each in ranges:
        spec = {**spec, **_limited(spec, each)}
    return spec


def _limited(spec: Mapping[str, Any], limits: Manifest) -> Body:
    """Return the containers with the defaults of a LimitRange."""
    own = [
        each for _, each in items(limits.get("spec", "limits")) if each.get("type") == "Container"
    ]
    defaults = {
        "limits": {k: v for each in own for k, v in mapping(each.get("default")).items()},
        "requests": {k: v for each in own for k, v in mapping(each.get("defaultRequest")).items()},
    }
    return {
        key: [_with_resources(each, defaults) for each in spec[key]]
        for key in ("initContainers", "containers")
        if isinstance(spec.get(key), list)
    }


def _with_resources(container: Any, defaults: Mapping[str, Mapping[str, Any]]) -> Any:
    body = mapping(container)
    stated = mapping(body.get("resources"))
    merged = {key: {**of, **mapping(stated.get(key))} for key, of in defaults.items()}
    return {**body, "resources": {**stated, **merged}}


def _replaced(body: Any, path: Path, value: Any) -> Any:
    """Return a copy of ``body`` with another value at ``path``, whose mappings exist."""
    if not path:
        return value
    key, *rest = path
    return {**body, key: _replaced(body[key], tuple(rest), value)}

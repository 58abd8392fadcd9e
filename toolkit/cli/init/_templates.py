"""Chooses, for the events of a pipeline, the index template of their index."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from toolkit.logstash.config import attributes
from toolkit.logstash.config.nodes import Configuration, plugins

_GENERIC = ("logs", "generic", "default")
"""The parts of the data stream's name of an output that states none."""


def patterns_of(text: str) -> tuple[str, ...]:
    """Return the index patterns of an index template; none if it is not one.

    >>> patterns_of('{"index_patterns": "a-*", "mappings": {}}'), patterns_of('{"a": {}}')
    (('a-*',), ())
    """
    try:
        body = json.loads(text)
    except ValueError:
        return ()
    stated = body.get("index_patterns") if isinstance(body, dict) else None
    listed = [stated] if isinstance(stated, str) else stated
    return tuple(map(str, listed)) if isinstance(listed, list) else ()


def indices_of(configuration: Iterable[Configuration]) -> tuple[str, ...]:
    """Return the indices that outputs name, with a glob for what varies."""
    found = (index for tree in configuration for index in _indices(tree))
    return tuple(dict.fromkeys(found))


def _indices(tree: Configuration) -> Iterator[str]:
    for plugin in plugins(tree.statements("output")):
        values = attributes.values(plugin)
        index = values.get("index")
        if plugin.name not in ("elasticsearch", "opensearch"):
            continue
        if str(values.get("data_stream")) == "true":
            keys = ("data_stream_type", "data_stream_dataset", "data_stream_namespace")
            parts = (str(values.get(k, d)) for k, d in zip(keys, _GENERIC, strict=True))
            index = "-".join(parts)
        fixed = index.partition("%{")[0] if isinstance(index, str) and "${" not in index else ""
        if fixed:
            yield fixed + "*" * ("%{" in str(index))


def template_for(indices: Iterable[str], templates: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the template for the first index that one covers; the longest pattern counts.

    Args:
        indices: The indices of the events.
        templates: The index patterns by the path of their template.

    >>> template_for(["app-*"], {"a.json": ("*",), "b.json": ("app-*", "x")})
    'b.json'
    """
    for index in indices:
        fits = {
            path: max(length)
            for path, patterns in templates.items()
            if (length := [len(each) for each in patterns if _covers(each, index)])
        }
        if fits:
            return max(sorted(fits), key=lambda path: fits[path])
    return None


def _covers(pattern: str, index: str) -> bool:
    start, name = pattern.partition("*")[0], index.partition("*")[0]
    return name.startswith(start) if "*" in pattern else pattern == index

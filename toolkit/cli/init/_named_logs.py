"""The log files of a tree that Logstash or Filebeat is configured to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolkit.deployment.deployment import Deployment
from toolkit.deployment.site import Unknown
from toolkit.errors import InputError, PipelineError
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_3
from toolkit.logstash.config import attributes
from toolkit.logstash.config.nodes import Configuration, plugins
from toolkit.logstash.config.parser import parse
from toolkit.logstash.source import Source


def named_logs(
    deployment: Deployment, configurations: Iterable[str], shippers: Iterable[str]
) -> Mapping[str, frozenset[str]]:
    """Return the log files that are inputs, each with the configurations that name it.

    Args:
        deployment: Finds which file is behind a path at the program's site.
        configurations: Configurations of Logstash.
        shippers: Configurations of Filebeat.
    """
    tree = deployment.tree
    named = [(name, "logstash", _of_pipeline(name, tree.text(name))) for name in configurations]
    named += [(name, "filebeat", _of_shipper(name, tree.text(name))) for name in shippers]
    found: dict[str, set[str]] = {}
    for name, product, paths in named:
        sites = deployment.serving(product, [name])
        for path in paths:
            contents = deployment.files(sites, path, [name])
            for each in () if isinstance(contents, Unknown) else contents:
                if each.source and each.data.strip() and b"\0" not in each.data:
                    found.setdefault(each.source, set()).add(name)
    return {name: frozenset(by) for name, by in sorted(found.items())}


def configured(name: str, text: str) -> Configuration | None:
    """Return the syntax tree of a configuration; None if it has faults."""
    try:
        return parse([Source(name, text)], environment={}, keep_undefined=True)
    except PipelineError:
        return None


def _of_pipeline(name: str, text: str) -> Iterator[str]:
    """The paths of a configuration's file inputs."""
    tree = configured(name, text)
    for plugin in plugins(tree.statements("input")) if tree else ():
        if plugin.name == "file":
            stated = attributes.values(plugin).get("path")
            yield from map(str, stated if isinstance(stated, list) else [stated or ""])


def _of_shipper(name: str, text: str) -> Iterator[str]:
    """The paths of a Filebeat's inputs."""
    try:
        value = read_document(text, name, GO_YAML_3, what="the configuration").value
    except InputError:
        return
    yield from _paths(value)


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, dict):
        stated = value.get("paths")
        if isinstance(stated, list):
            yield from (each for each in stated if isinstance(each, str))
        for each in value.values():
            yield from _paths(each)

"""The scrape jobs of a configuration of Prometheus, and of a ScrapeConfig of its operator."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from toolkit.languages.positioned import Positioned, PositionedNode
from toolkit.prometheus.scraping.jobs import ScrapeJob, Setting
from toolkit.prometheus.scraping.labels import Labels
from toolkit.prometheus.scraping.relabeling import Relabeling

Discover: TypeAlias = Callable[[str, PositionedNode], Iterable[Labels]]
"""From the kind of a discovery, such as ``kubernetes``, and its settings, to what it finds."""

_OWN_LABELS = {"file": ".*", "http": ".*"}
"""Discoveries that may set any label; all others begin with ``__meta_``."""
_SETTINGS = (
    "metrics_path",
    "sample_limit",
    "scheme",
    "scrape_interval",
    "scrape_timeout",
)
_CAMEL = re.compile("_([a-z])")


def jobs_of(document: Positioned, discover: Discover) -> Iterator[ScrapeJob]:
    """Yield the jobs of a configuration.

    Args:
        document: A ``prometheus.yml``.
        discover: Finds what a discovery finds; it yields what is not known as unknown labels.
    """
    root = PositionedNode(document)
    common = ("scrape_interval", "scrape_timeout", "sample_limit")
    standard = {"scrape_interval": Setting("1m", root.locate())}
    defaults = {**standard, **settings(root.at("global"), {key: key for key in common})}
    for node in root.values("scrape_configs"):
        name = str(node.get("job_name") or "")
        own = settings(node, {key: key for key in _SETTINGS})
        if name:
            yield ScrapeJob(
                name,
                node.locate("job_name"),
                tuple(_found(node, discover, snake)),
                tuple(relabelings(node, "relabel_configs")),
                tuple(relabelings(node, "metric_relabel_configs")),
                {**_inherited(defaults, own), **own},
                node.get("honor_labels") is True,
            )


def _inherited(defaults: dict[str, Setting], own: dict[str, Setting]) -> dict[str, Setting]:
    """The global settings; a global timeout is cut to the interval of the job."""
    cut = "scrape_interval" in own and "scrape_timeout" not in own
    return {key: each for key, each in defaults.items() if not (cut and key == "scrape_timeout")}


def custom_job(node: PositionedNode, namespace: str, name: str, discover: Discover) -> ScrapeJob:
    """Return the job of a ScrapeConfig.

    Args:
        node: Its ``spec``, whose keys are those of a configuration in camel case.
        namespace: Its namespace.
        name: Its name.
        discover: Finds what a discovery finds.
    """
    return ScrapeJob(
        str(node.get("jobName") or f"scrapeConfig/{namespace}/{name}"),
        node.locate(),
        tuple(_found(node, discover, camel)),
        tuple(relabelings(node, "relabelings", camel)),
        tuple(relabelings(node, "metricRelabelings", camel)),
        settings(node, {key: camel(key) for key in _SETTINGS}),
        node.get("honorLabels") is True,
        f"ScrapeConfig {name}",
    )


def snake(name: str) -> str:
    """As a configuration spells a key, which is as Prometheus names it."""
    return name


def camel(name: str) -> str:
    """As the operator spells a key.

    >>> camel("metrics_path"), camel("kubernetes_sd_configs")
    ('metricsPath', 'kubernetesSDConfigs')
    """
    return _CAMEL.sub(lambda found: found[1].upper(), name.replace("_sd_", "_SD_", 1)).replace(
        "_SD", "SD"
    )


def settings(node: PositionedNode, names: Mapping[str, str]) -> dict[str, Setting]:
    """Return the settings of a node that are scalars.

    Args:
        node: A mapping.
        names: Its keys, by the names that Prometheus has for them.
    """
    found = {name: node.at(key) for name, key in names.items()}
    return {
        name: Setting(_text(each), each.locate())
        for name, each in found.items()
        if each.value is not None and not isinstance(each.value, dict | list)
    }


def _found(
    node: PositionedNode, discover: Discover, spelt: Callable[[str], str]
) -> Iterator[Labels]:
    for group in node.values(spelt("static_configs")):
        yield from static_targets(group)
    for key in [name for name, _ in node.items()]:
        kind = re.fullmatch(r"(\w+?)_?(?:sd|SD)_?[cC]onfigs", str(key))
        for each in node.values(key) if kind else ():
            yield from discover(kind[1].lower() if kind else "", each)


def static_targets(group: PositionedNode, key: str = "targets") -> Iterator[Labels]:
    """Yield the targets of a static group, which are at ``key``."""
    own = {str(name): _text(node) for name, node in group.items("labels")}
    for target in group.values(key):
        yield Labels({"__address__": _text(target), **own})


def undiscovered(kind: str) -> Labels:
    """Return the labels of targets that a discovery finds, of which nothing is known."""
    return Labels({"__address__": None}, _OWN_LABELS.get(kind, "__meta_.*"), sure=False)


def relabelings(
    node: PositionedNode, key: str, spelt: Callable[[str], str] = snake
) -> Iterator[Relabeling]:
    """Yield the steps at a key, in their order.

    Args:
        node: What has the key.
        key: Such as ``relabel_configs``.
        spelt: Turns the name of a setting into that of the file.
    """
    for each in node.values(key):
        if isinstance(each.value, dict):
            given = {
                name: _text(each.at(spelt(written)))
                for name, written in _STEP.items()
                if each.get(spelt(written)) is not None
            }
            sources = tuple(_text(e) for e in each.values(spelt("source_labels")))
            given["action"] = given.get("action", "replace").lower()
            yield Relabeling(sources=sources, where=each.locate(), **given)


_STEP = {
    "action": "action",
    "separator": "separator",
    "regex": "regex",
    "target": "target_label",
    "replacement": "replacement",
}
"""The settings of a step by the names of `Relabeling`."""


def _text(node: PositionedNode) -> str:
    """A scalar as it is written, which is a text to Prometheus."""
    return node.raw or str(node.value)

"""Scrape jobs: how they scrape, and the labels that they give to their targets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from toolkit.findings import Location
from toolkit.prometheus.scraping.labels import Labels
from toolkit.prometheus.scraping.relabeling import Relabeling, relabeled

DEFAULT_PATH = "/metrics"
_DURATION = re.compile(
    r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?"
)
_SECONDS = (31_536_000, 604_800, 86_400, 3_600, 60, 1, 0.001)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a job, as it is written."""

    text: str
    where: Location

    @property
    def seconds(self) -> float | None:
        """The duration; None if it is none.

        >>> Setting("1m30s", Location("prometheus.yml")).seconds
        90
        """
        found = _DURATION.fullmatch(self.text) if self.text else None
        if not found:
            return 0 if self.text == "0" else None
        parts = zip(found.groups(), _SECONDS, strict=True)
        return sum(int(number) * unit for number, unit in parts if number)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class ScrapeJob:
    """A scrape configuration, with the targets that are found for it."""

    name: str
    where: Location
    found: tuple[Labels, ...] = ()
    """The labels of what is discovered, before relabeling."""
    relabelings: tuple[Relabeling, ...] = ()
    metric_relabelings: tuple[Relabeling, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """By the names of Prometheus: ``scrape_interval``, ``scheme``, ``sample_limit``, …"""
    honors_labels: bool = False
    """True if the labels of a scraped series go before those of its target."""
    shown: str = ""
    """Its name in messages, such as ``ServiceMonitor shop``."""

    def __str__(self) -> str:
        return self.shown or f"job `{self.name}`"

    def setting(self, name: str, default: str = "") -> str:
        """Return a setting as text."""
        return self.settings[name].text if name in self.settings else default

    def seconds(self, name: str) -> float | None:
        """Return a setting that is a duration; None if it is not known."""
        return self.settings[name].seconds if name in self.settings else None

    @property
    def path(self) -> str:
        """The path that is scraped, unless relabeling changes it."""
        return self.setting("metrics_path", DEFAULT_PATH)

    @cached_property
    def targets(self) -> tuple[Labels, ...]:
        """The labels of each target after relabeling, those that begin with ``__`` too."""
        return tuple(self._targets())

    def _targets(self) -> Iterator[Labels]:
        own = {
            "job": self.name,
            "__scheme__": self.setting("scheme", "http").lower(),
            "__metrics_path__": self.path,
            "__scrape_interval__": self.setting("scrape_interval") or None,
            "__scrape_timeout__": self.setting("scrape_timeout") or None,
        }
        for each in self.found:
            # What is discovered goes before what the job sets.
            absent = {name: value for name, value in own.items() if each.get(name) == ""}
            labels = replace(each, values={**each.values, **absent})
            after = relabeled(labels, self.relabelings)
            if isinstance(after, Labels) and after.get("__address__") != "":
                yield _with_instance(after) if after.get("instance") == "" else after


def _with_instance(labels: Labels) -> Labels:
    """Without an ``instance``, it is the address; Prometheus 2 adds the port that it lacks."""
    address = labels.get("__address__")
    whole = address is not None and re.search(r":\d+$", address)
    return labels.having("instance", address if whole else None)

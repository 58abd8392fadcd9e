"""What a service exports, in Prometheus's text format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from toolkit.errors import InputError
from toolkit.findings import Finding, Location

__all__ = ["Exposition", "Family", "Series", "parse_exposition"]


@dataclass(frozen=True, slots=True)
class Series:
    """One line of an exposition."""

    name: str
    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True)
class Family:
    """A metric as its ``# TYPE`` line declares it, with all its series."""

    name: str
    """As declared: a counter's without ``_total``, a histogram's without ``_bucket``."""
    type: str
    help: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Exposition:
    """All that one scrape holds."""

    families: tuple[Family, ...]

    def __iter__(self) -> Iterator[Series]:
        for family in self.families:
            yield from family.series

    def named(self, name: str) -> tuple[Series, ...]:
        """The series of exactly this name (``x_total``, ``x_bucket``)."""
        return tuple(series for series in self if series.name == name)

    def names(self) -> tuple[str, ...]:
        """The names series have, each once, in the order of the exposition."""
        return tuple(dict.fromkeys(series.name for series in self))

    def family(self, name: str) -> Family | None:
        """The family that ``name`` belongs to, by its own name or by one of its series'."""
        for family in self.families:
            bare = family.name
            named = name in (bare, f"{bare}_total")
            if family.series and (named or any(name == each.name for each in family.series)):
                return family
        return None


def parse_exposition(text: str, *, source: str) -> Exposition:
    r"""Read an exposition; raises `InputError` naming ``source`` where it is none.

    >>> [(s.name, s.value) for s in parse_exposition("a_total 3\n", source="/metrics")]
    [('a_total', 3.0)]
    """
    try:
        families = tuple(
            Family(
                family.name,
                family.type,
                family.documentation,
                tuple(Series(each.name, each.labels, each.value) for each in family.samples),
            )
            for family in text_string_to_metric_families(text)
        )
    except (ValueError, KeyError, IndexError) as error:
        raise InputError(_unreadable(text, source, error)) from error
    return Exposition(families)


def _unreadable(text: str, source: str, error: Exception) -> Finding:
    line, excerpt = _guilty(text)
    return Finding(
        what="the exposition is not in Prometheus's text format",
        where=Location(source, line, 1, excerpt, max(1, len(excerpt))),
        why=f"Prometheus would drop the whole scrape: {error}",
        fix="export with a client library of Prometheus; `promtool check metrics` reads it too.",
    )


def _guilty(text: str) -> tuple[int, str]:
    """The first line that cannot be read by itself."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            list(text_string_to_metric_families(line + "\n"))
        except (ValueError, KeyError, IndexError):
            return number, line
    return 1, text.partition("\n")[0]

"""Expositions in Prometheus's text format 0.0.4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.prometheus.samples import (
    Comment,
    SampleFormatError,
    Series,
    parse_comment,
    parse_series,
)


@dataclass(frozen=True, slots=True)
class Family:
    """A metric as its ``# TYPE`` line declares it, with all its series."""

    name: str
    """As declared, a counter's without ``_total``; as written without a declaration."""
    type: str
    """``counter``, ``gauge``, ``histogram``, ``summary``, or ``unknown``."""
    help: str
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Exposition:
    """The content of one scrape."""

    families: tuple[Family, ...]

    def __iter__(self) -> Iterator[Series]:
        for family in self.families:
            yield from family.series

    def named(self, name: str) -> tuple[Series, ...]:
        """Return the series of exactly this name (``x_total``, ``x_bucket``)."""
        return tuple(series for series in self if series.name == name)

    def names(self) -> tuple[str, ...]:
        """Return the names of the series, each once, in the order of the exposition."""
        return tuple(dict.fromkeys(series.name for series in self))

    def family(self, name: str) -> Family | None:
        """Return the family of ``name``, by its own name or by one of its series'."""
        for family in self.families:
            bare = family.name
            named = name in (bare, f"{bare}_total")
            if family.series and (named or any(name == each.name for each in family.series)):
                return family
        return None


_SUFFIXES = {
    "counter": ("", "_total"),
    "histogram": ("_bucket", "_sum", "_count"),
    "gaugehistogram": ("_bucket", "_sum", "_count"),
    "summary": ("", "_sum", "_count"),
}
_PLAIN = ("",)


@dataclass(slots=True)
class _Collected:
    """The state of one family during parsing."""

    type: str = "unknown"
    help: str = ""
    series: list[Series] = field(default_factory=list)


def parse_exposition(text: str, *, source: str) -> Exposition:
    r"""Parse an exposition; raises `InputError` if it is malformed.

    >>> [(s.name, s.value) for s in parse_exposition("a_total 3\n", source="/metrics")]
    [('a_total', 3.0)]
    """
    found: dict[str, _Collected] = {}
    for number, line in enumerate(text.split("\n"), 1):
        try:
            _read(line, found)
        except SampleFormatError as error:
            where = Location(source, number, 1, line, max(1, len(line)))
            raise InputError(_unreadable(where, error)) from error
    return Exposition(tuple(_family(name, each) for name, each in found.items() if _shown(each)))


def _read(line: str, found: dict[str, _Collected]) -> None:
    if not (line := line.strip(" \t")):
        return
    if line.startswith("#"):
        _declare(parse_comment(line), found)
        return
    series = parse_series(line)
    found.setdefault(_belongs(series.name, found), _Collected()).series.append(series)


def _declare(comment: Comment | None, found: dict[str, _Collected]) -> None:
    if comment is None:
        return
    family = found.setdefault(comment.name, _Collected())
    if comment.keyword == "TYPE":
        family.type = "unknown" if comment.text == "untyped" else comment.text
    else:
        family.help = comment.text


def _belongs(name: str, found: Mapping[str, _Collected]) -> str:
    """Return the family of a series with this name, by its own name or a prefix."""
    for suffix in ("", "_bucket", "_sum", "_count", "_total"):
        bare = name.removesuffix(suffix)
        known = found.get(bare) if name.endswith(suffix) else None
        if known and suffix in _SUFFIXES.get(known.type, _PLAIN):
            return bare
    return name


def _shown(family: _Collected) -> bool:
    return bool(family.series) or family.type != "unknown" or bool(family.help)


def _family(name: str, found: _Collected) -> Family:
    bare = name.removesuffix("_total") if found.type == "counter" else name
    return Family(bare, found.type, found.help, tuple(found.series))


def _unreadable(where: Location, error: SampleFormatError) -> Finding:
    return Finding(
        what="the exposition is not in Prometheus's text format",
        where=where,
        why=f"Prometheus would drop the whole scrape: {error}",
        fix="export with a client library of Prometheus; `promtool check metrics` reads it too.",
    )

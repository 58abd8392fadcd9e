"""Grafana dashboards, as JSON files or in ConfigMaps, and the metrics they read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from toolkit.errors import InputError
from toolkit.evidence.files import File, Files, FileSet, decode, read_each
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rules import Rules, rules
from toolkit.findings import Finding, Location, Reader
from toolkit.grafana.dashboard import Dashboard, DashboardQuery, is_dashboard, read_dashboard
from toolkit.grafana.variables import chosen_later, names_in, written_out
from toolkit.kubernetes.manifests import Block, Manifest, mapping, parse_manifests
from toolkit.languages.positioned import Place, Positioned, placed_in
from toolkit.languages.positioned_json import parse_json
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Answer, Derived, Query
from toolkit.prometheus.passage import Passage
from toolkit.prometheus.promql import PromQLError, selectors
from toolkit.prometheus.selectors import Matcher, VectorSelector

_VALUES = re.compile(r"\s*label_values\(\s*(?:(.*\S)\s*,)?\s*([A-Za-z_]\w*)\s*\)\s*", re.DOTALL)
_RESULT = re.compile(r"\s*query_result\((.*)\)\s*", re.DOTALL)
_OTHER = re.compile(r"\s*(?:label_names|metrics)\(.*\)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Dashboards:
    """All dashboards of some files, and the metrics they read."""

    titles: tuple[str, ...]
    references: tuple[MetricReference, ...]
    rules: Rules
    """The rules of the contract, some of which record what is read."""
    faults: tuple[Finding, ...] = ()
    """Expressions that are not PromQL."""
    unknown: tuple[Finding, ...] = ()
    """Queries that depend on a viewer or another object, so that nothing is known of them."""


@dataclass(frozen=True, slots=True)
class DashboardsIn(Derived[Dashboards]):
    """Read dashboards; raises `InputError` for a file that is not JSON."""

    files: Query[FileSet]
    rules: Query[Rules] | None = None

    def derive(
        self, files: Answer[FileSet], rules: Answer[Rules] | None = None
    ) -> Answer[Dashboards]:
        texts, unread = read_each(files.evidence, _texts)
        read = [(text, read_dashboard(text, text.locate().source)) for text in texts]
        found = _Found(several=len(read) > 1)
        for text, dashboard in read:
            found.add(text, dashboard)
        evidence = Dashboards(
            tuple(dashboard.title for _, dashboard in read),
            tuple(found.references),
            rules.evidence if rules else Rules(),
            tuple(found.faults),
            tuple(found.unknown),
        )
        return Answer(evidence, files.origin, found.asked, "expressions", unread)


def _texts(file: File) -> Iterator[Positioned]:
    """Yield the dashboards in a file: the file itself, or the entries of ConfigMaps."""
    text = decode(file, "a dashboard")
    if file.name.endswith((".yml", ".yaml")):
        for manifest in parse_manifests(text, source=file.name):
            yield from _entries(manifest)
        return
    found = parse_json(text, placed_in(file.name, text))
    if not is_dashboard(found.value):
        raise InputError(_no_dashboard(found.locate()))
    yield found


def _entries(manifest: Manifest) -> Iterator[Positioned]:
    for key, text in mapping(manifest.get("data")).items():
        if manifest.kind == "ConfigMap" and key.endswith(".json"):
            found = parse_json(str(text), _place(manifest, key))
            if is_dashboard(found.value):
                yield found


def _place(manifest: Manifest, key: str) -> Place:
    block = manifest.block("data", key)
    if block is None:
        return lambda at, width: manifest.locate("data", key)
    return _in_block(block, str(manifest.get("data", key)))


def _in_block(block: Block, text: str) -> Place:
    inside = placed_in(block.source, text)

    def place(at: int, width: int) -> Location:
        found = inside(at, width)
        return block.locate(found.line or 1, found.column or 1, found.width)

    return place


class _Found:
    """Collects the metrics that dashboards read."""

    def __init__(self, *, several: bool) -> None:
        self.several = several
        self.references: list[MetricReference] = []
        self.faults: list[Finding] = []
        self.unknown: list[Finding] = []
        self.asked = 0

    def add(self, text: Positioned, dashboard: Dashboard) -> None:
        self.asked += len(dashboard.elsewhere)
        for title, path in dashboard.elsewhere:
            self.unknown.append(_elsewhere(title, text.locate_key(*path)))
        for query in dashboard.queries:
            self.asked += 1
            whose = dashboard.title if self.several else ""
            reader = Reader(query.kind, query.title, whose)
            passage = _passage(text.locate(*query.path))
            try:
                for part, labels in _promql(query):
                    self._read(part, labels, reader, passage, dashboard)
            except InputError as error:
                self.unknown += error.findings

    def _read(
        self,
        expression: str,
        labels: tuple[str, ...],
        reader: Reader,
        passage: Passage,
        of: Dashboard,
    ) -> None:
        read, error = _selectors(expression, of, passage.where)
        chosen = [name for name in names_in(expression) if not name.startswith("__")]
        if error is not None and chosen:
            self.unknown.append(_chosen(reader, passage, chosen))
        elif error is not None:
            self.faults.append(_no_promql(reader, passage, error))
        elif any(chosen_later(each.metric) for each in read) or (chosen and not read):
            self.unknown.append(_chosen(reader, passage, chosen))
        known = (each for each in read if not chosen_later(each.metric))
        self.references += (
            MetricReference(replace(each, labels=(*each.labels, *labels)), reader, passage)
            for each in dict.fromkeys(known)
        )


def _promql(query: DashboardQuery) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the PromQL in a query, and the labels it reads in addition."""
    if query.kind != "variable":
        yield query.expression, ()
    elif found := _VALUES.fullmatch(query.expression):
        if found[1]:
            yield found[1], (found[2],)
    elif found := _RESULT.fullmatch(query.expression):
        yield found[1], ()
    elif not _OTHER.fullmatch(query.expression):
        yield query.expression, ()


def _selectors(
    expression: str, dashboard: Dashboard, where: Location
) -> tuple[list[VectorSelector], str | None]:
    """Return the selectors for all known values of the variables; or the PromQL error."""
    error = None
    for numbers in (True, False):
        texts = list(written_out(expression, dashboard.variables, numbers=numbers))
        try:
            found = [each for text in texts for each in selectors(text, where)]
        except PromQLError as refused:
            error = error or str(refused)
            continue
        if found or not numbers:
            return [_open(each) for each in found], None
    return [], error


def _open(selector: VectorSelector) -> VectorSelector:
    """Return the selector without restrictions that depend on a viewer."""
    matchers = tuple(
        Matcher(each.label, "=~", ".*") if chosen_later(each.value) else each
        for each in selector.matchers
        if not chosen_later(each.label)
    )
    labels = tuple(each for each in selector.labels if not chosen_later(each))
    return replace(selector, matchers=matchers, labels=labels)


def _passage(where: Location) -> Passage:
    """Return the text between the quotes of a JSON string; else the key."""
    quoted = where.excerpt[(where.column or 1) - 1 :].startswith('"')
    first = (where.column or 1) + quoted
    end = first + max(1, where.width - 2 * quoted)
    return Passage(where.source, where.line or 1, first, (where.excerpt,), end)


def _no_promql(reader: Reader, passage: Passage, error: str) -> Finding:
    return Finding(
        what=f"the expression of {reader} is not PromQL: {error}",
        where=passage.where,
        why="Prometheus answers with an error, and the panel shows an error instead of data",
        fix="correct the expression; Grafana's Explore shows the error of Prometheus.",
    )


def _chosen(reader: Reader, passage: Passage, names: list[str]) -> Finding:
    return Finding(
        what=f"the metrics of {reader} depend on `${names[0]}`",
        where=passage.locate(names[0]),
        why="a viewer chooses the name of the metric, or a part of the expression",
        fix="make it a variable of type custom, whose values the dashboard lists.",
    )


def _elsewhere(title: str, where: Location) -> Finding:
    return Finding(
        what=f"the queries of panel `{title}` were not checked",
        where=where,
        why="it is a library panel, or a dashboard in the form with `elements`",
        fix="export the dashboard in the classic form, with its library panels.",
    )


def _no_dashboard(where: Location) -> Finding:
    return Finding(
        what="the file is not a dashboard",
        where=where,
        why="a Grafana dashboard has `panels`",
        fix="export it from Grafana as JSON, or correct the path in the contract.",
    )


def dashboards(expected: MetricsExpectation, scope: Scope) -> Query[Dashboards] | None:
    """Return the query for the contract's dashboards; None if it has none."""
    if not expected.dashboards:
        return None
    return DashboardsIn(
        Files(expected.dashboards, expected.declared, "dashboards"), rules(expected, scope)
    )

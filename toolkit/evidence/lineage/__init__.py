"""The lineage of a contract: the sources of its fields and metrics, and their readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.lineage import FIELDS, METRICS, Lineage, LineageBuilder
from toolkit.model.queries import Answer, Derived, Query, QueryFailure

if TYPE_CHECKING:
    from toolkit.evidence.lineage.fields import FieldLineage

__all__ = ["LineageOf", "lineage"]

_OF_METRICS = ("rules", "dashboards", "exposition", "manifests")


@dataclass(frozen=True, slots=True, eq=False)
class LineageOf(Derived[Lineage]):
    """Build the lineage from files; unreadable ones are recorded as gaps."""

    partial: ClassVar[bool] = True

    contract: Contract
    names: tuple[str, ...]
    asked: tuple[Query[Any], ...]
    """The queries it needs, in the order of ``names``."""

    def derive(self, *answers: Answer[Any] | QueryFailure) -> Answer[Lineage]:
        builder, known = LineageBuilder(), dict[str, Any]()
        for name, answer in zip(self.names, answers, strict=True):
            if isinstance(answer, Answer):
                known[name] = answer.evidence
                continue
            for finding in answer.findings:
                builder.gap(METRICS if name in _OF_METRICS else FIELDS, finding)
        self._add_all(builder, known)
        done = builder.done()
        return Answer(done, "the files of the contract", len(done.nodes), "nodes")

    def _add_all(self, builder: LineageBuilder, known: Mapping[str, Any]) -> None:
        indices = _add_logs(builder, self.contract, known) if self.contract.logs else []
        if "saved objects" in known:
            from toolkit.evidence.lineage.panels import add_panels

            add_panels(builder, known["saved objects"], indices)
        if self.contract.service or self.contract.metrics or self.contract.kubernetes:
            _add_scraped(builder, self.contract, known)


# Each section brings in what it needs: the emulation of Logstash alone is 200 modules.


def _add_logs(
    builder: LineageBuilder, contract: Contract, known: Mapping[str, Any]
) -> list[FieldLineage]:
    from toolkit.evidence.lineage.fields import add_fields

    return [
        add_fields(
            builder,
            expected,
            contract.service if number == 0 else None,
            known.get(f"pipeline {number}"),
            known.get(f"template {number}"),
        )
        for number, expected in enumerate(contract.logs)
    ]


def _add_scraped(builder: LineageBuilder, contract: Contract, known: Mapping[str, Any]) -> None:
    from toolkit.evidence.lineage.autoscalers import add_autoscalers
    from toolkit.evidence.lineage.metrics import add_metrics
    from toolkit.evidence.lineage.scrapes import add_scrapes

    saved, found = known.get("exposition"), known.get("manifests")
    exporters = add_scrapes(builder, contract, found, saved)
    rules, dashboards = known.get("rules"), known.get("dashboards")
    metrics = add_metrics(builder, contract, exporters, rules, dashboards, saved)
    if found is not None:
        add_autoscalers(builder, found, metrics)


def lineage(scope: Scope) -> Query[Lineage]:
    """Return the query for the lineage of the contract; no service is started for it."""
    asked = {name: query for name, query in _asked(scope) if query is not None}
    return LineageOf(scope.contract, tuple(asked), tuple(asked.values()))


def _asked(scope: Scope) -> Iterator[tuple[str, Query[Any] | None]]:
    contract = scope.contract
    if contract.logs:
        yield from _asked_of_logs(contract.logs, scope)
    if contract.kibana:
        from toolkit.evidence.kibana.saved_objects import saved_objects

        yield "saved objects", saved_objects(contract.kibana)
    if contract.metrics:
        yield from _asked_of_metrics(contract.metrics, scope)
    if contract.kubernetes:
        from toolkit.evidence.kubernetes.manifests import manifests

        yield "manifests", manifests(contract.kubernetes, scope)


def _asked_of_logs(
    logs: Iterable[LogExpectation], scope: Scope
) -> Iterator[tuple[str, Query[Any] | None]]:
    from toolkit.evidence.elasticsearch.templates import template
    from toolkit.evidence.logs.pipelines import pipeline

    for number, expected in enumerate(logs):
        yield f"pipeline {number}", pipeline(expected, scope)
        yield f"template {number}", template(expected)


def _asked_of_metrics(
    metrics: MetricsExpectation, scope: Scope
) -> Iterator[tuple[str, Query[Any] | None]]:
    from toolkit.evidence.files import Files
    from toolkit.evidence.metrics.dashboards import dashboards
    from toolkit.evidence.metrics.expositions import SavedExposition
    from toolkit.evidence.metrics.rules import rules

    yield "rules", rules(metrics, scope)
    yield "dashboards", dashboards(metrics, scope)
    if metrics.exposition:
        yield "exposition", SavedExposition(Files((metrics.exposition,), metrics.declared))

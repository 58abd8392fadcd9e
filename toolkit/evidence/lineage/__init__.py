"""What the fields and metrics of a contract come from, and what depends on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.evidence.elasticsearch.templates import template
from toolkit.evidence.files import Files
from toolkit.evidence.kibana.saved_objects import saved_objects
from toolkit.evidence.kubernetes.manifests import manifests
from toolkit.evidence.lineage.autoscalers import weave_autoscalers
from toolkit.evidence.lineage.fields import Index, weave_fields
from toolkit.evidence.lineage.metrics import weave_metrics
from toolkit.evidence.lineage.panels import weave_panels
from toolkit.evidence.lineage.scrapes import weave_scrapes
from toolkit.evidence.logs.pipelines import pipeline
from toolkit.evidence.metrics.dashboards import dashboards
from toolkit.evidence.metrics.expositions import SavedExposition
from toolkit.evidence.metrics.rules import rules
from toolkit.model.contract import Contract, Scope
from toolkit.model.lineage import FIELDS, METRICS, Lineage, Woven
from toolkit.model.queries import Answer, Derived, Query, Unanswered

__all__ = ["LineageOf", "lineage"]

_OF_METRICS = ("rules", "dashboards", "exposition", "manifests")


@dataclass(frozen=True, slots=True, eq=False)
class LineageOf(Derived[Lineage]):
    """Weave what files say into one graph; what cannot be read is left out, and named."""

    partial: ClassVar[bool] = True

    contract: Contract
    asked: Mapping[str, Query[Any]]
    """What is needed, by what for."""

    def parts(self) -> tuple[Query[Any], ...]:
        return tuple(self.asked.values())

    def derive(self, *answers: Answer[Any] | Unanswered) -> Answer[Lineage]:
        woven, known = Woven(), dict[str, Any]()
        for name, answer in zip(self.asked, answers, strict=True):
            if isinstance(answer, Answer):
                known[name] = answer.evidence
                continue
            for finding in answer.findings:
                woven.gap(METRICS if name in _OF_METRICS else FIELDS, finding)
        self._weave(woven, known)
        done = woven.done()
        return Answer(done, "the files of the contract", len(done.nodes), "nodes")

    def _weave(self, woven: Woven, known: Mapping[str, Any]) -> None:
        contract, indices = self.contract, list[Index]()
        for number, expected in enumerate(contract.logs):
            service = contract.service if number == 0 else None
            compiled, mapped = known.get(f"pipeline {number}"), known.get(f"template {number}")
            indices.append(weave_fields(woven, expected, service, compiled, mapped))
        if "saved objects" in known:
            weave_panels(woven, known["saved objects"], indices)
        saved, found = known.get("exposition"), known.get("manifests")
        exporters = weave_scrapes(woven, contract, found, saved)
        metrics = weave_metrics(
            woven, contract, exporters, known.get("rules"), known.get("dashboards"), saved
        )
        if found is not None:
            weave_autoscalers(woven, found, metrics)


def lineage(scope: Scope) -> Query[Lineage]:
    """What reads what, of all that the contract names; no service is started for it."""
    asked = ((name, query) for name, query in _asked(scope) if query is not None)
    return LineageOf(scope.contract, dict(asked))


def _asked(scope: Scope) -> Iterator[tuple[str, Query[Any] | None]]:
    contract = scope.contract
    for number, expected in enumerate(contract.logs):
        yield f"pipeline {number}", pipeline(expected, scope.now)
        yield f"template {number}", template(expected)
    if contract.kibana:
        yield "saved objects", saved_objects(contract.kibana)
    if contract.metrics:
        yield "rules", rules(contract.metrics)
        yield "dashboards", dashboards(contract.metrics)
        if contract.metrics.exposition:
            file = Files((contract.metrics.exposition,), contract.metrics.declared)
            yield "exposition", SavedExposition(file)
    if contract.kubernetes:
        yield "manifests", manifests(contract.kubernetes)

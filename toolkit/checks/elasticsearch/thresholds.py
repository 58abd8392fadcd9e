"""A latency or an error ratio is beyond what the contract allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.checks import check
from toolkit.evidence.elasticsearch.figures import figures
from toolkit.evidence.elasticsearch.measures import Figures
from toolkit.findings import Finding, Location, Subject, Unproven
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import FieldExpectation, LogExpectation
from toolkit.model.expectations.thresholds import Threshold
from toolkit.model.queries import Query

_BOUNDS = ("p50", "p95", "p99", "mean", "maximum", "errors")


def _queries(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Figures]]:
    """Return the queries for real requests; sample lines only if there are no others."""
    if not any(_bounds(field) for field in expected.fields.values()):
        return {}
    found = figures(expected, scope)
    real = {source: each for source, each in found.items() if source != "samples"}
    return real or found


def _bounds(field: FieldExpectation) -> Mapping[str, Threshold]:
    named = ((name, getattr(field, name)) for name in _BOUNDS)
    return {name: bound for name, bound in named if bound is not None}


@check(expects=LogExpectation, queries=_queries)
def thresholds(expected: LogExpectation, observed: Figures) -> Iterator[Finding | Unproven]:
    """Latency and error ratio, by the log, keep the thresholds of the contract.

    ## Why it matters
    What is promised to users is a number. If it is asked of the parsed log, and not only of
    the metrics, a line format that loses the slow requests is found out as well.

    ## How to fix it
    Look at the routes with `toolkit logs stats`: mostly one of them is slow, or fails.

    ## Reference
    https://sre.google/sre-book/service-level-objectives/
    """
    for name, field in expected.fields.items():
        for word, bound in _bounds(field).items():
            measured = observed.error_ratio if word == "errors" else getattr(observed, word)
            if measured is None:
                yield Unproven(_nothing(name, word, bound, field))
            elif not bound.kept_by(measured):
                yield _beyond(name, word, bound, field, measured)


def _beyond(
    name: str, word: str, bound: Threshold, field: FieldExpectation, measured: float
) -> Finding:
    return Finding(
        what=f"{word} {bound}   measured {bound.shown(measured)}",
        where=Location(f"{field.declared}:{name}"),
        why=f"{field.declared} sets the threshold for `{name}`",
        fix="find the route with `toolkit logs stats`.",
        follows=(Subject("field", name), Subject("mapping", name)),
    )


def _nothing(name: str, word: str, bound: Threshold, field: FieldExpectation) -> Finding:
    return Finding(
        what=f"{word} {bound}   measured nothing: no event has a number in `{name}`",
        where=field.declared,
        why="a threshold on nothing proves nothing",
        fix=f"let some event have `{name}`, of a numeric type.",
        follows=(Subject("field", name), Subject("mapping", name), Subject("types", name)),
    )

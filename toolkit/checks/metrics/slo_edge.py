"""A threshold lies between the buckets of a histogram."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.metrics.expositions import Expositions, expositions
from toolkit.findings import Finding, Location, Subject
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import SeriesExpectation
from toolkit.model.queries import Query


def _queries(expected: SeriesExpectation, scope: Scope) -> Query[Expositions] | None:
    return expositions(scope) if expected.slo else None


@check(expects=SeriesExpectation, queries=_queries)
def slo_edge(expected: SeriesExpectation, observed: Expositions) -> Iterator[Finding]:
    """Every threshold of an objective is an edge of the histogram's buckets.

    ## Why it matters
    A histogram knows how many requests were faster than each of its edges, and nothing in
    between: a share below 0.25 s is exact if 0.25 is an edge, and a guess by linear
    interpolation if it is not.

    ## How to fix it
    Add the threshold to the buckets of the histogram.

    ## Reference
    https://prometheus.io/docs/practices/histograms/#apdex-score
    """
    buckets = observed.after.named(f"{expected.name}_bucket")
    if not buckets:
        yield Finding(
            what=f"`{expected.name}` has no buckets",
            where=Location(f"{observed.source}:{expected.name}"),
            why=f"{expected.declared} sets a threshold, which only a histogram can answer",
            fix=f"export `{expected.name}` as a histogram.",
            follows=(Subject("metric", expected.name),),
        )
        return
    edges = sorted({float(each.labels["le"]) for each in buckets if "le" in each.labels})
    for threshold in expected.slo:
        if threshold not in edges:
            shown = ", ".join(f"{edge:g}" for edge in edges)
            yield Finding(
                what=f"{threshold:g} is no edge of the buckets of `{expected.name}`",
                where=Location(f"{observed.source}:{expected.name}_bucket"),
                why=f"{expected.declared} sets that threshold; the edges are {shown}",
                fix=f"add {threshold:g} to the buckets.",
            )

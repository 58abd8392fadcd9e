"""A metric the contract promises is not exported."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.metrics.expositions import Expositions, expositions
from toolkit.findings import Finding, Location, Subject
from toolkit.model.expectations.metrics import SeriesExpectation
from toolkit.prometheus.exposition import Family
from toolkit.prometheus.names import nearest


@check(expects=SeriesExpectation, queries=lambda expected, scope: expositions(scope))
def missing(expected: SeriesExpectation, observed: Expositions) -> Iterator[Finding]:
    """Every declared metric is exported, with its type and its labels.

    ## Why it matters
    An expression on a metric that is not exported gives an empty result, not an error: the
    panel shows "No data", and the alert stays silent for ever.

    ## How to fix it
    Export the metric under the promised name, or correct the name wherever it is read.
    Counters end in `_total`; times are in seconds and end in `_seconds`.

    ## Reference
    https://prometheus.io/docs/practices/naming/
    """
    family = observed.after.family(expected.name)
    if family is None:
        yield _absent(expected, observed)
        return
    if expected.type not in (None, family.type):
        yield Finding(
            what=f"`{expected.name}` is a {family.type}, not a {expected.type}",
            where=Location(f"{observed.source}:{expected.name}"),
            why=f"{expected.declared} declares a {expected.type}",
            fix=f"export `{expected.name}` as a {expected.type}, or correct the contract.",
            breaks=(Subject("metric", expected.name),),
        )
    for label in expected.labels:
        if not all(label in series.labels for series in family.series):
            yield _no_label(expected, family, label, observed.source)


def _absent(expected: SeriesExpectation, observed: Expositions) -> Finding:
    near = nearest(expected.name, _exported(observed))
    advice = f"the service exports `{near}`: rename one of the two."
    return Finding(
        what=f"`{expected.name}` is not exported",
        where=Location(f"{observed.source}:{expected.name}"),
        why=f"{expected.declared} promises it; {len(observed.after.names())} others are there",
        fix=advice if near else f"export `{expected.name}`, or take it out of the contract.",
        breaks=(Subject("metric", expected.name),),
    )


def _exported(observed: Expositions) -> list[str]:
    """Names as contracts use them: of families, and of counters with their suffix."""
    families = [family.name for family in observed.after.families if family.series]
    return [*families, *observed.after.names()]


def _no_label(expected: SeriesExpectation, family: Family, label: str, source: str) -> Finding:
    there = sorted({name for series in family.series for name in series.labels} - {"le"})
    near = get_close_matches(label, there, n=1)
    advice = f"it has `{near[0]}`: rename one of the two." if near else f"add the label `{label}`."
    return Finding(
        what=f"`{expected.name}` has no label `{label}`, but {', '.join(there) or 'none'}",
        where=Location(f"{source}:{expected.name}"),
        why=f"{expected.declared} promises the label",
        fix=advice,
        breaks=(Subject("metric", expected.name),),
    )

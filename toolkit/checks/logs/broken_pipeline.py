"""A Logstash configuration would not start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.checks import check
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.logs import LogExpectation

_OPEN = ("unknown-file", "placeholder")
"""Kinds of what is settled only where the pipeline runs."""


@check(expects=LogExpectation, queries=lambda expected, scope: pipeline(expected, scope))
def broken_pipeline(expected: LogExpectation, observed: Compiled) -> Iterator[Finding | Unproven]:
    """Logstash accepts the pipeline: its syntax, plugins, options and expressions are right.

    ## Why it matters
    A pipeline that does not start ships nothing. Logstash itself finds only some of these
    faults before it starts, the first one of each kind, and often names another place.

    ## How to fix it
    Correct the place that is marked. All faults are reported at once.

    A note names each filter that is not emulated and has a stand-in: other checks take the
    fields of the stand-in for what the filter sets. A warning names a stand-in that is not
    used, since its filter is emulated, and fields that its filter cannot write.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/configuration-file-structure.html
    """
    for fault in observed.faults:
        if fault.kind != "unknown-pattern":
            yield replace(fault, breaks=(Subject("pipeline"),))
    unsupported = observed.pipeline.unsupported if observed.pipeline else ()
    opened = (each for each in unsupported if each.kind in _OPEN)
    yield from map(Unproven, (*observed.unknown, *opened))
    yield from observed.pipeline.assumptions if observed.pipeline else ()

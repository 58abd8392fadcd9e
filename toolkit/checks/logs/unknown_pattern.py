"""A grok expression names a pattern that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.checks import check
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.findings import Finding, Subject, Unproven
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=lambda expected, scope: pipeline(expected, scope))
def unknown_pattern(expected: LogExpectation, observed: Compiled) -> Iterator[Finding | Unproven]:
    """Every pattern that a grok expression names is defined.

    ## Why it matters
    Logstash accepts the configuration (`-t` reports it as valid) and then dies when it starts
    the pipeline: after a deployment nothing arrives any more.

    ## How to fix it
    Correct the name, define the pattern in `pattern_definitions`, or name the folder of its
    file in `patterns_dir`. Where that folder is not in the repository, state what is put there
    by `deployment: {mounts: …}` in the contract. In ECS mode other names are in force than in
    the legacy one.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/plugins-filters-grok.html
    """
    if observed.configuration is None:
        yield Unproven(replace(observed.faults[0], follows=(Subject("pipeline"),)))
    for fault in observed.faults:
        if fault.kind == "unknown-pattern":
            yield replace(fault, breaks=(Subject("pipeline"),))
    unsupported = observed.pipeline.unsupported if observed.pipeline else ()
    yield from (Unproven(each) for each in unsupported if each.kind == "unknown-pattern")

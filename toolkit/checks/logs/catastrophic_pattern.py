"""A regular expression of a pipeline can keep it busy without end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from toolkit.checks import check
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.findings import Finding, Severity, Subject, Unproven
from toolkit.logstash.lint.redos import explosion_faults
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=lambda expected, scope: pipeline(expected, scope))
def catastrophic_pattern(
    expected: LogExpectation, observed: Compiled
) -> Iterator[Finding | Unproven]:
    """No regular expression of the pipeline takes ever longer on a line that does not match.

    ## Why it matters
    A loop that can go through one text in two ways is tried in 2ⁿ ways on n of them, if the
    line does not match at last. One such line occupies a worker until grok gives up, 30
    seconds by default, which is a warning; in a condition nothing ever gives up, which is an
    error. Anyone who can write a line can stop the pipeline. Each reported loop was observed
    to explode on the line that is shown.

    ## How to fix it
    Put the loop in an atomic group, `(?>…)`, or let each turn of it begin with something
    that no other part of it matches.

    ## Reference
    https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
    """
    if observed.pipeline is None or observed.configuration is None:
        yield Unproven(replace(observed.faults[0], follows=(Subject("pipeline"),)))
        return
    for fault in explosion_faults(observed.configuration, observed.pipeline.context):
        found = fault.finding(observed.configuration.sources)
        endless = fault.kind == "endless-pattern"
        yield replace(found, severity=None if endless else Severity.WARNING)

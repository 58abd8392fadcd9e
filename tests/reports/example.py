"""One report with everything in it that a report can hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from toolkit.findings import Affected, Effect, Finding, Location, Mark, Severity, Subject
from toolkit.model.checks import Check, Step
from toolkit.model.contract import Contract, Suppression
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Pair
from toolkit.model.report import Accepted, Judgement, Report, Verdict

DECLARED = Location("toolkit.yml", 4, 5)
FINDING = Finding(
    what="a line is not parsed by `grok` (`_grokparsefailure`): INT needs a digit",
    where=Location("app.log", 3, 8, "status=-", 1),
    why='100 % of them, <as> "it" & says: 50, 60\nand more',
    fix="let the pattern take what the line has.",
    marks=(Mark("pattern", Location("app.conf", 2, 1, "%{INT:status:int}", 17)),),
    severity=Severity.ERROR,
    breaks=(Subject("lines", "requests"),),
    effect=Effect(
        (Affected("lines", "requests", DECLARED),),
        (
            Affected("field", "status", Location("toolkit.yml", 12, 7), "short"),
            Affected("mapping", "status", Location("template.json", 8, 9), "short"),
            Affected("panel", "Status codes", Location("kibana.ndjson", 2, 120), "on Shop"),
            Affected("alert", "Errors & <more>", Location("rules.yml", 5, 11)),
        ),
    ),
)


def finding(what: str, **options: Any) -> Finding:
    given = {"where": Location("toolkit.yml", 9, 3), "why": "because", "fix": "mend it."}
    return Finding(what=what, **{"severity": Severity.ERROR, **given, **options})


def step(check: str, severity: Severity = Severity.ERROR) -> Step:
    """A step of a check of this id."""
    made: Check[Any, Any] = Check(
        id=check,
        severity=severity,
        expects=Contract,
        queries=lambda expected, scope: {},
        judge=lambda expected, observed: (),
        doc="",
    )
    query: Any = Pair
    return Step(made, LogExpectation(declared=DECLARED, name="requests"), query, "samples")


BLIND = finding("`ruby` is not emulated", where=Location("app.conf", 7, 3, "  ruby { }", 4))
CAUSED = finding("logged 3, sent 4", follows=(Subject("lines", "requests"),))
CONTROL = finding("the value \x1b[31m\x00 \ud800 is odd", where=Location("a,b:c", 1))
WARNING = finding("could be better", severity=Severity.WARNING)
ACCEPTED = Accepted(
    finding("known for long", where=Location("old.log", 1)),
    Suppression(
        declared=DECLARED, check="logs/*", reason="goes with the move", expires=date(2027, 1, 31)
    ),
)
LOOKED: dict[str, Any] = {"origin": "app.log", "sampled": 20, "unit": "sample lines"}

EXAMPLE = Report(
    (
        Judgement(step("logs/no-match"), Verdict.FAIL, (FINDING, CONTROL), **LOOKED),
        Judgement(step("logs/typed-fields"), Verdict.UNPROVEN, unproven=(BLIND,), **LOOKED),
        Judgement(step("logs/multiline"), Verdict.PASS, **LOOKED),
        Judgement(step("logs/old"), Verdict.PASS, accepted=(ACCEPTED,), **LOOKED),
        Judgement(step("logs/older"), Verdict.PASS, accepted=(ACCEPTED,), **LOOKED),
        Judgement(step("metrics/soft", Severity.WARNING), Verdict.PASS, (WARNING,), **LOOKED),
        Judgement(step("agreement/requests"), Verdict.FAIL, (CAUSED,), **LOOKED),
        Judgement(step("agreement/errors"), Verdict.UNPROVEN, unproven=(BLIND,)),
    ),
    stale=(finding("the suppression of `logs/x` covers nothing", severity=Severity.WARNING),),
)
EMPTY = Report(())

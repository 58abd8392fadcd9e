"""A report for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from toolkit.findings import Severity
from toolkit.model.baseline import KnownFinding
from toolkit.model.grouping import grouped
from toolkit.model.report import Accepted, Judgement, Report, Verdict
from toolkit.reports.digest.entries import Entry, Hop, caveats, findings, hops
from toolkit.reports.terminal.finding import UNPROVEN, finding_lines, render_finding
from toolkit.reports.terminal.style import Style, cut, paragraph

_MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.UNPROVEN: "?",
    Verdict.NOT_APPLICABLE: "-",
    Verdict.NOT_RUN: "-",
}
_TINTS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.UNPROVEN: "yellow",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.NOT_RUN: "dim",
}
_NOTHING = {Verdict.NOT_APPLICABLE: "nothing to look at", Verdict.NOT_RUN: "not run"}
_MOST_CONSEQUENCES = 4


def render(report: Report, style: Style | None = None) -> str:
    """Write the hops, the findings, what is unproven, and the verdict."""
    return "\n".join(_lines(report, style or Style())) + "\n"


def render_judgement(judgement: Judgement, style: Style | None = None) -> str:
    """Write the findings of one step, then what is unproven."""
    check = judgement.step.check.id
    found = (render_finding(each, style, label=check) for each in judgement.findings)
    unproven = (render_finding(each, style, UNPROVEN) for each in judgement.unproven)
    return "\n\n".join((*found, *unproven))


def render_acceptance(accepted: Accepted) -> str:
    """Write an accepted finding and the reason in a line."""
    until = f" until {accepted.by.expires}" if accepted.by.expires else ""
    found = accepted.finding
    return f"{found.where}  {found.what}; accepted{until}: {accepted.by.reason}"


def _lines(report: Report, style: Style) -> Iterator[str]:
    yield from _table(hops(report), style)
    for entry in findings(report):
        yield ""
        yield from _finding(entry, style)
    for entry in caveats(report):
        yield ""
        yield from _doubt(entry, style)
    yield from _footnotes(report, style)
    yield ""
    yield from _verdict(report, style)


def _table(rows: Iterable[Hop], style: Style) -> Iterator[str]:
    yield style.paint(f"  {'hop':<14} {'verdict':<9} {'checks':>6}  looked at", "bold")
    for hop in rows:
        mark = style.paint(_MARKS[hop.verdict], _TINTS[hop.verdict])
        word = hop.verdict.upper() if hop.verdict.judged else "-"
        verdict = style.paint(f"{word:<9}", _TINTS[hop.verdict])
        nothing = [_NOTHING.get(hop.verdict, "nothing")]
        first, *rest = textwrap.wrap(", ".join(hop.looked_at), style.width - 35) or nothing
        yield f"{mark} {hop.name:<14} {verdict} {hop.checks or '-':>6}  {first}"
        yield from (" " * 35 + line for line in rest)


def _finding(entry: Entry, style: Style) -> Iterator[str]:
    yield from finding_lines(entry.finding, style, label=entry.check.id)
    yield from _places(entry, style)
    for each in entry.consequences[:_MOST_CONSEQUENCES]:
        yield cut(f"  so   {each.check.id}  {each.finding.what}", style.width)
    more = len(entry.consequences) - _MOST_CONSEQUENCES
    if more > 0:
        yield f"  so   and {more} more"
    if entry.checks:
        yield from _unproven(entry.checks, style)


def _doubt(entry: Entry, style: Style) -> Iterator[str]:
    yield from finding_lines(entry.finding, style, UNPROVEN)
    yield from _places(entry, style)
    yield from _unproven(entry.checks, style)


def _places(entry: Entry, style: Style) -> Iterator[str]:
    """Yield the further places of a fault; consecutive places in a file name it once."""
    if not entry.elsewhere:
        return
    places, source = list[str](), ""
    for where in (each.where for each in entry.elsewhere):
        known = f"{where.source}:" if where.source == source else ""
        places.append(str(where).removeprefix(known))
        source = where.source
    head = "also at" if len(places) == 1 else f"also at {len(places)} places:"
    lines = paragraph(f"{head} {', '.join(places)}", style.width - 2, most=3)
    yield from (f"  {line}" for line in lines)


def _unproven(checks: Sequence[str], style: Style) -> Iterator[str]:
    left = textwrap.wrap(", ".join(checks), style.width - 19, break_on_hyphens=False)
    yield "  leaves unproven  " + left[0]
    yield from (" " * 19 + line for line in left[1:])


def _footnotes(report: Report, style: Style) -> Iterator[str]:
    accepted, left = _accepted(report), _not_run(report)
    if accepted or report.stale or left:
        yield ""
    for why, checks in left.items():
        head = f"- not run ({why}): "
        yield from paragraph(head + ", ".join(checks), style.width, most=3)
    known: dict[str, int] = {}
    for each, checks in accepted.items():
        if each.by.expires is None:
            known[each.by.reason] = known.get(each.by.reason, 0) + 1
            continue
        who = checks[0] if len(checks) == 1 else f"{len(checks)} checks"
        until = f"accepted until {each.by.expires}: {each.by.reason}"
        yield cut(f"~ {who}  {each.finding.where}  {until}", style.width)
    for reason, number in known.items():
        yield cut(f"~ {number} accepted: {reason}", style.width)
    for finding in report.stale:
        yield cut(f"! {finding.where}  {finding.what}", style.width)
    for fix in dict.fromkeys(finding.fix for finding in report.stale):
        yield from paragraph(f"  fix  {fix}", style.width, most=2)


def _accepted(report: Report) -> dict[Accepted, list[str]]:
    """Return the accepted findings, each with its checks."""
    judged = report.judgements
    return grouped((each, one.step.check.id) for one in judged for each in one.accepted)


def _not_run(report: Report) -> dict[str, list[str]]:
    """Return the checks that were not run, by the option that left them out."""
    found: dict[str, list[str]] = {}
    for each in report.judgements:
        if each.verdict is Verdict.NOT_RUN:
            checks = found.setdefault(each.origin, [])
            checks += [each.step.check.id] * (each.step.check.id not in checks)
    return found


def _verdict(report: Report, style: Style) -> Iterator[str]:
    count = dict.fromkeys(Verdict, 0)
    for judgement in report.judgements:
        count[judgement.verdict] += not (judgement.verdict is Verdict.PASS and judgement.accepted)
    verdict = report.verdict
    word = style.paint(verdict.upper(), _TINTS[verdict], "bold")
    left_out = f", {count[Verdict.NOT_RUN]} not run" if count[Verdict.NOT_RUN] else ""
    if not any(each.verdict.judged for each in report.judgements):
        yield f"{word}  the contract has nothing that a check can judge{left_out}"
        return
    numbers = (
        f"{count[Verdict.PASS]} proved, {count[Verdict.FAIL]} broken, "
        f"{count[Verdict.UNPROVEN]} not proved, {_of_accepted(report)}"
        f"{''.join(_below(report))}{left_out}"
    )
    first, *rest = textwrap.wrap(numbers, style.width - len(verdict) - 2)
    yield f"{word}  {first}"
    yield from (" " * (len(verdict) + 2) + line for line in rest)


def _of_accepted(report: Report) -> str:
    """Return how much is accepted, what of it by a baseline, and what of it was not proved."""
    accepted = _accepted(report)
    parts = {
        "by baseline": sum(isinstance(each.by, KnownFinding) for each in accepted),
        "unproven": sum(each.unproven for each in accepted),
    }
    within = ", ".join(f"{number} {part}" for part, number in parts.items() if number)
    return f"{len(accepted)} accepted" + f" ({within})" * bool(within)


def _below(report: Report) -> Iterator[str]:
    """Yield the numbers of warnings and notes."""
    passed = [each for each in report.judgements if each.verdict is not Verdict.FAIL]
    severities = [finding.severity for each in passed for finding in each.findings]
    notes = severities.count(Severity.INFO)
    for word, number in (("warning", len(severities) - notes), ("note", notes)):
        if number:
            yield f", {number} {word}{'s' if number > 1 else ''}"

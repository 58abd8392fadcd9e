"""What all formats say of a report: findings in order of weight, consequences under causes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from toolkit.findings import Finding, Severity
from toolkit.model.checks import HOPS, Check
from toolkit.model.report import Judgement, Report, Verdict, worst

_LAST = "manifests/config-drift"
"""Whatever else is wrong with a file is more than that its copies differ."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding, the check that made it, and the findings that only follow from it."""

    check: Check[object, object]  # type: ignore[type-var]
    finding: Finding
    consequences: tuple[Entry, ...] = ()
    checks: tuple[str, ...] = ()
    """All checks that it leaves unproven."""
    elsewhere: tuple[Finding, ...] = ()
    """The same fault, seen at other places."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One stage telemetry passes through, and what was looked at there."""

    name: str
    verdict: Verdict
    looked_at: tuple[str, ...] = field(default=())
    checks: int = 0


def findings(report: Report) -> list[Entry]:
    """Every finding, the gravest first, then by hop; consequences folded under their cause.

    What could not be looked at because of a finding is named in its ``checks``.
    """
    entries = [
        Entry(judgement.step.check, finding)
        for judgement in report.judgements
        for finding in judgement.findings
    ]
    entries = sorted(_gathered(entries), key=_weight)
    broken = {subject: each for each in reversed(entries) for subject in each.finding.breaks}
    blind = _blinded(report, broken)
    return [replace(each, checks=_left(each, blind)) for each in _folded(entries, broken)]


def _left(entry: Entry, blind: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """The checks that a finding, or what follows from it, keeps from looking."""
    found = (entry.finding, *(each.finding for each in entry.consequences))
    return tuple(dict.fromkeys(check for each in found for check in blind.get(id(each), ())))


def _gathered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """One entry for each fault: what breaks the same thing for the same reason is the same."""
    groups: dict[object, dict[Finding, Entry]] = {}
    for entry in entries:
        found = entry.finding
        same = (found.breaks, found.why, found.fix) if found.breaks else found
        groups.setdefault((entry.check.id, same), {}).setdefault(found, entry)
    for group in groups.values():
        first, *others = group.values()
        yield replace(first, elsewhere=tuple(each.finding for each in others))


def _blinded(report: Report, broken: dict[str, Entry]) -> dict[int, tuple[str, ...]]:
    """The checks that each finding, by its identity, keeps from looking."""
    found: dict[int, dict[str, None]] = {}
    for judgement in report.judgements:
        for doubt in judgement.unproven:
            causes = [broken[subject] for subject in doubt.follows if subject in broken]
            for cause in causes[:1]:
                if cause.check is judgement.step.check:
                    continue
                found.setdefault(id(cause.finding), {})[judgement.step.check.id] = None
    return {key: tuple(checks) for key, checks in found.items()}


def _folded(entries: list[Entry], broken: dict[str, Entry]) -> Iterator[Entry]:
    below: dict[int, list[Entry]] = {}
    roots = []
    for entry in entries:
        causes = [broken[s] for s in entry.finding.follows if s in broken]
        cause = next((each for each in causes if each is not entry), None)
        if cause is None:
            roots.append(entry)
        else:
            below.setdefault(id(cause), []).append(entry)
    shown: set[int] = set()
    # Entries that explain each other in a circle have no root: the first stands for them.
    for root in (*roots, *entries):
        if id(root) not in shown:
            shown.add(id(root))
            yield replace(root, consequences=tuple(_all_below(root, below, shown)))


def _all_below(entry: Entry, below: dict[int, list[Entry]], shown: set[int]) -> Iterator[Entry]:
    for each in below.get(id(entry), ()):
        if id(each) not in shown:
            shown.add(id(each))
            yield each
            yield from _all_below(each, below, shown)


def _weight(entry: Entry) -> tuple[int, int, str]:
    severity = entry.finding.severity or Severity.ERROR
    hop = entry.check.hop
    rank = HOPS.index(hop) if hop in HOPS else len(HOPS)
    return (-severity, len(HOPS) if entry.check.id == _LAST else rank, entry.check.id)


def doubts(report: Report) -> list[Entry]:
    """What could not be looked at, each once, with all the checks it leaves unproven.

    Left out is what only follows from a finding, which `findings` has.
    """
    broken = {s for j in report.judgements for found in j.findings for s in found.breaks}
    said: dict[object, list[tuple[Finding, Judgement]]] = {}
    for judgement in report.judgements:
        for doubt in judgement.unproven:
            if not broken.intersection(doubt.follows):
                reason = (doubt.where, doubt.why, doubt.fix)
                said.setdefault(reason, []).append((doubt, judgement))
    return [
        Entry(
            group[0][1].step.check,
            group[0][0],
            checks=tuple(dict.fromkeys(each.step.check.id for _, each in group)),
        )
        for group in said.values()
    ]


def hops(report: Report) -> list[Hop]:
    """One entry for each hop that was judged, in the order of the hops."""
    by_hop: dict[str, list[Judgement]] = {}
    for judgement in report.judgements:
        by_hop.setdefault(judgement.step.check.hop, []).append(judgement)
    return [
        Hop(name, worst(each.verdict for each in group), tuple(_looked_at(group)), len(group))
        for name, group in by_hop.items()
    ]


def _looked_at(group: Iterable[Judgement]) -> Iterator[str]:
    """The largest number of each kind of thing, from each origin."""
    most: dict[tuple[str, str], int] = {}
    for judgement in group:
        if judgement.sampled:
            key = (judgement.unit, judgement.origin)
            most[key] = max(most.get(key, 0), judgement.sampled)
    by_unit: dict[str, int] = {}
    for (unit, _), sampled in most.items():
        by_unit[unit] = by_unit.get(unit, 0) + sampled
    for unit, sampled in by_unit.items():
        yield f"{sampled} {_one(unit) if sampled == 1 else unit}"


def _one(unit: str) -> str:
    return unit if unit == "series" else unit.removesuffix("s")

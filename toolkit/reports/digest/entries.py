"""The content of a report in all formats: findings by weight, consequences under causes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from toolkit.findings import Effect, Finding, Location, Severity, Subject
from toolkit.model.checks import HOPS, Check
from toolkit.model.grouping import grouped
from toolkit.model.report import Judgement, Report, Verdict, worst

_NUMBER = re.compile(r"\d+")
_LAST = "manifests/config-drift"
"""Least important: a difference between copies, if the file itself is wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding with its check, its consequences, and further places of the same fault."""

    check: Check[Any, Any]
    finding: Finding
    consequences: tuple[Entry, ...] = ()
    checks: tuple[str, ...] = ()
    """The checks that it leaves unproven."""
    elsewhere: tuple[Finding, ...] = ()
    """The same fault at other places."""

    @property
    def breaks(self) -> tuple[Subject, ...]:
        """The subjects that are broken at any of the places."""
        return tuple(s for each in (self.finding, *self.elsewhere) for s in each.breaks)


_Item: TypeAlias = "tuple[Check[Any, Any], Finding]"
"""A finding, and the check that made it."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One stage that telemetry passes through, and the numbers of what was examined there."""

    name: str
    verdict: Verdict
    looked_at: tuple[str, ...] = field(default=())
    checks: int = 0
    """Without those that had nothing to look at, or were not run."""


def findings(report: Report) -> list[Entry]:
    """Return all findings by severity, then by hop; consequences are below their cause.

    The checks that a finding keeps from being judged are its ``checks``.
    """
    made = [(each.step.check, found) for each in report.judgements for found in each.findings]
    entries = sorted((_entry(group) for group in _alike(made, _causes)), key=_weight)
    broken = {subject: each for each in reversed(entries) for subject in each.breaks}
    blind = _blinded(report, broken)
    return [replace(each, checks=_left(each, blind)) for each in _folded(entries, broken)]


def _alike(items: Iterable[_Item], keys: Callable[[_Item], Iterable[object]]) -> list[list[_Item]]:
    """Group items that share a key, in order."""
    groups: list[list[_Item]] = []
    by_key: dict[object, list[_Item]] = {}
    for item in items:
        own = tuple(keys(item))
        group = next((by_key[key] for key in own if key in by_key), None)
        if group is None:
            groups.append(group := [])
        group.append(item)
        by_key.update(dict.fromkeys((key for key in own if key not in by_key), group))
    return groups


def _causes(made: _Item) -> Iterator[object]:
    """Yield the keys of a fault: the text, and the broken subjects with their reason."""
    check, finding = made
    yield check.id, finding.what, finding.why, finding.fix
    if finding.breaks:
        yield check.id, finding.breaks, finding.why, finding.fix


def _entry(group: Sequence[_Item]) -> Entry:
    check, first = group[0]
    found = tuple(dict.fromkeys(finding for _, finding in group))
    effects = [each.effect for each in found if each.effect]
    if effects:
        broken = dict.fromkeys(each for effect in effects for each in effect.broken)
        reached = dict.fromkeys(each for effect in effects for each in effect.reached)
        first = replace(first, effect=Effect(tuple(broken), tuple(reached)))
    return Entry(check, first, elsewhere=found[1:])


def _left(entry: Entry, blind: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the checks that a finding or one of its consequences leaves unproven."""
    found = (entry, *entry.consequences)
    return tuple(
        dict.fromkeys(check for each in found for check in blind.get(id(each.finding), ()))
    )


def _blinded(report: Report, broken: dict[Subject, Entry]) -> dict[int, tuple[str, ...]]:
    """Return the checks that each finding leaves unproven, by its identity."""
    found: dict[int, dict[str, None]] = {}
    for judgement in report.judgements:
        for doubt in judgement.unproven:
            causes = [broken[subject] for subject in doubt.follows if subject in broken]
            for cause in causes[:1]:
                if cause.check is judgement.step.check:
                    continue
                found.setdefault(id(cause.finding), {})[judgement.step.check.id] = None
    return {key: tuple(checks) for key, checks in found.items()}


def _folded(entries: list[Entry], broken: dict[Subject, Entry]) -> Iterator[Entry]:
    below: dict[int, list[Entry]] = {}
    roots = []
    for entry in entries:
        causes = [_cause(each, entry, broken) for each in (entry.finding, *entry.elsewhere)]
        if None in causes:
            roots.append(entry)
        else:
            below.setdefault(id(causes[0]), []).append(entry)
    shown: set[int] = set()
    # A cycle of entries has no root: its first entry becomes one.
    for root in (*roots, *entries):
        if id(root) not in shown:
            shown.add(id(root))
            yield replace(root, consequences=tuple(_all_below(root, below, shown)))


def _cause(finding: Finding, entry: Entry, broken: dict[Subject, Entry]) -> Entry | None:
    causes = (broken[subject] for subject in finding.follows if subject in broken)
    return next((each for each in causes if each is not entry), None)


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


def caveats(report: Report) -> list[Entry]:
    """Return what could not be examined, once for each cause, with the unproven checks.

    Consequences of a finding are omitted: `findings` has them.
    """
    broken = {s for j in report.judgements for found in j.findings for s in found.breaks}
    made = [
        (judgement.step.check, doubt)
        for judgement in report.judgements
        for doubt in judgement.unproven
        if not broken.intersection(doubt.follows)
    ]
    return [_doubt(group) for group in _alike(made, _reasons)]


def _reasons(made: _Item) -> Iterator[object]:
    """Yield the keys of a cause: its place with the reason, and its text with the reason.

    Numbers are ignored, such as those of the lines that reach a place.
    """
    _, finding = made
    yield finding.where, finding.why, finding.fix
    yield _NUMBER.sub("#", finding.what), finding.why, finding.fix


def _doubt(group: Sequence[_Item]) -> Entry:
    by_place: dict[Location, Finding] = {}
    for _, finding in group:
        by_place.setdefault(finding.where, finding)
    first, *elsewhere = by_place.values()
    checks = tuple(dict.fromkeys(check.id for check, _ in group))
    return Entry(group[0][0], first, checks=checks, elsewhere=tuple(elsewhere))


def hops(report: Report) -> list[Hop]:
    """Return an entry for each hop that was judged, in the order of the hops."""
    by_hop = grouped((each.step.check.hop, each) for each in report.judgements)
    return [_hop(name, group) for name, group in by_hop.items()]


def _hop(name: str, group: Sequence[Judgement]) -> Hop:
    verdicts = [each.verdict for each in group]
    checks = sum(each.judged for each in verdicts)
    return Hop(name, worst(verdicts), tuple(_looked_at(group)), checks)


def _looked_at(group: Iterable[Judgement]) -> Iterator[str]:
    """Yield the largest count of each unit and origin."""
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

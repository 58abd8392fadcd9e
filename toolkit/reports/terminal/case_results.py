"""Results of case files: those that hold in a line, the others with their differences."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from toolkit.findings import Finding
from toolkit.logstash.event.comparison import MISSING
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import copy
from toolkit.logstash.pipeline.trail import leaves
from toolkit.reports.terminal.finding import ERROR, UNPROVEN, render_finding
from toolkit.reports.terminal.kinds import shown
from toolkit.reports.terminal.style import Style


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case."""

    file: Path
    description: str
    expected: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...] = ()
    """What it reached that is not emulated, or what the pipeline died of."""
    died: bool = False

    @property
    def differs(self) -> bool:
        """Whether any event is another one than expected."""
        return self.died or [*self.events] != [*self.expected]

    @property
    def unproven(self) -> bool:
        """Whether what came out cannot be known."""
        return bool(self.findings) and not self.died

    @property
    def holds(self) -> bool:
        """Whether it is known to be as expected."""
        return not self.differs and not self.findings


def exit_code(results: Sequence[Result], *, updated: bool) -> int:
    """1 for a difference, 3 for what cannot be known."""
    if not updated and any(each.differs and not each.unproven for each in results):
        return 1
    return 3 if any(each.unproven for each in results) else 0


def show(results: Sequence[Result], style: Style, *, updated: bool) -> Iterator[str]:
    """A line for each case that holds, and the differences of those that do not."""
    for result in results:
        held = updated or result.holds
        sign = style.paint("✓", "green") if held else style.paint("✗", "red")
        yield f"{sign} {result.file}: {result.description}"
        for finding in result.findings:
            yield render_finding(finding, style, ERROR if result.died else UNPROVEN)
        if not held and not result.findings:
            yield from _differences(result, style)
    failed = sum(not result.holds for result in results)
    if updated:
        yield f"{style.paint('UPDATED', 'green', 'bold')}  {len(results)} cases"
        return
    word = (
        style.paint("FAILED", "red", "bold") if failed else style.paint("PASSED", "green", "bold")
    )
    yield f"{word}  {len(results) - failed} of {len(results)} cases"


def _differences(result: Result, style: Style) -> Iterator[str]:
    pairs = zip_longest(result.events, result.expected)
    for number, (event, expected) in enumerate(pairs, start=1):
        if event is None:
            yield f"    event {number} is missing: {json.dumps(expected, ensure_ascii=False)}"
        elif expected is None:
            yield f"    event {number} is one too many: {json.dumps(event, ensure_ascii=False)}"
        elif event != expected:
            if len(result.events) > 1:
                yield f"    event {number}"
            yield from _fields(event, expected, style)


def _fields(event: Mapping[str, Any], expected: Mapping[str, Any], style: Style) -> Iterator[str]:
    here, there = _flat(event), _flat(expected)
    for name in dict.fromkeys((*there, *here)):
        mine, theirs = here.get(name, MISSING), there.get(name, MISSING)
        if mine is MISSING:
            yield style.paint(f"    - {name}  {shown(theirs)}", "red")
        elif theirs is MISSING:
            yield style.paint(f"    + {name}  {shown(mine)}", "green")
        elif mine != theirs:
            yield style.paint(f"    ~ {name}  {shown(theirs)} → {shown(mine)}", "yellow")


def _flat(fields: Mapping[str, Any]) -> dict[str, Any]:
    event = Event({"@version": None, **copy(dict(fields))})
    flat = dict(leaves(event))
    if "@version" not in fields:
        flat.pop("@version", None)
    return flat

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
    """The events of one case."""

    file: Path
    description: str
    expected: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]
    findings: tuple[Finding, ...] = ()
    """Filters it reached that are not emulated, or why the pipeline crashed."""
    crashed: bool = False
    known: bool = True
    """True if the events are known, but for some of their fields; these are not compared."""

    @property
    def differs(self) -> bool:
        """True if an event differs from the expected one."""
        return self.crashed or [*self.events] != [*self.expected]

    @property
    def unproven(self) -> bool:
        """True if it is not known whether they are as expected."""
        return bool(self.findings) and not self.crashed and not (self.known and self.differs)

    @property
    def holds(self) -> bool:
        """True if the events are known, and as expected."""
        return not self.differs and not self.findings


def exit_code(results: Sequence[Result], *, updated: bool) -> int:
    """Return 1 for a difference, 3 for unknown events, else 0."""
    if not updated and any(each.differs and not each.unproven for each in results):
        return 1
    return 3 if any(each.unproven for each in results) else 0


def show(results: Sequence[Result], style: Style, *, updated: bool) -> Iterator[str]:
    """Yield a line for each case, and the differences of those that fail.

    Args:
        results: The results, in order.
        style: Width and colour of the lines.
        updated: Whether the actual events were written into the files.
    """
    for result in results:
        held = updated or result.holds
        sign = style.paint("✓", "green") if held else style.paint("✗", "red")
        yield f"{sign} {result.file}: {result.description}"
        for finding in result.findings:
            yield render_finding(finding, style, ERROR if result.crashed else UNPROVEN)
        if result.differs and not held and result.known and not result.crashed:
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
            yield f"    event {number} is unexpected: {json.dumps(event, ensure_ascii=False)}"
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

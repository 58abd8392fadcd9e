"""The trace of an event: the changes that each filter made to it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeAlias

from toolkit.findings import Finding, Location
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.event.comparison import MISSING
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.attempts import Taken, stopped, taken
from toolkit.logstash.pipeline.trail import NOT_KNOWN, Change, Turn, Visit, changes
from toolkit.reports.terminal.grok_mismatch import mismatch_lines
from toolkit.reports.terminal.kinds import kind_of, shown
from toolkit.reports.terminal.style import Style, cut

_TAGS = "tags"
_INDENT = 11
_WIDEST = {"field": 30, "kind": 16}
_Step: TypeAlias = "Visit | Turn | Finding"
_Piece: TypeAlias = "str | tuple[str, str]"
"""Text, or text and its colour."""
_NO_MATCH = ("no match", "yellow")


@dataclass(frozen=True, slots=True)
class FilterTrace:
    """The steps of one event through a pipeline, and the events at its end."""

    sources: Sources
    context: Context
    steps: Sequence[Visit | Turn]
    events: tuple[Event, ...] = ()
    unsupported: tuple[Finding, ...] = ()
    """Filters and options it reached that are not emulated."""
    lost: tuple[Finding, ...] = ()
    """Conditions that dropped it."""
    crash: Finding | None = None
    """The error that stopped the pipeline."""
    failure_tags: frozenset[str] = frozenset()
    """The tags by which the filters of the pipeline mark what they fail on."""


def trace_lines(trace: FilterTrace, style: Style) -> Iterator[str]:
    """Yield the steps in the order of the text, which is that of the run, below their file."""
    ends = (*trace.unsupported, *trace.lost, *filter(None, [trace.crash]))
    both = {id(each.branch) for each in trace.steps if isinstance(each, Turn) and not each.decided}
    steps = (
        each
        for each in trace.steps
        if not (isinstance(each, Turn) and each.arm is None and id(each.branch) in both)
    )
    rows: list[tuple[Location, _Step]] = [
        *((trace.sources.locate(step.span), step) for step in steps),
        *((finding.where, finding) for finding in ends),
    ]
    rows.sort(key=lambda row: (row[0].source, row[0].line or 0, row[0].column or 0))
    printer, source = _TracePrinter(trace, style), ""
    for where, step, times in _folded(rows):
        if where.source != source:
            source = where.source
            yield style.paint(source, "bold")
        yield from printer.step(f"{where.line:>5}:{where.column:<4} ", step, times)


def _folded(rows: Sequence[tuple[Location, _Step]]) -> Iterator[tuple[Location, _Step, int]]:
    """Yield the rows; consecutive decisions at one branch become one row with their number."""
    for turn, group in groupby(rows, key=lambda row: _identity(row[1])):
        if turn is None:
            yield from ((where, step, 1) for where, step in group)
        else:
            (where, step), *others = group
            yield where, step, 1 + len(others)


def _identity(step: _Step) -> tuple[int, int | None, bool] | None:
    # Nodes of the same text are equal, wherever they are.
    return (id(step.branch), step.arm, step.decided) if isinstance(step, Turn) else None


class _TracePrinter:
    """Formats the steps of one trace."""

    def __init__(self, trace: FilterTrace, style: Style) -> None:
        self.trace, self.style = trace, style

    def step(self, head: str, step: _Step, times: int) -> Iterator[str]:
        match step:
            case Turn():
                yield self._line(head, *self._turn(step), f"  {times} events" * (times > 1))
            case Visit(plugin) if plugin.name == "grok":
                yield from self._grok(head, step)
            case Visit():
                yield self._line(head, (step.plugin.name, "bold"), *_count(step))
                yield from self._events(step, {})
            case Finding():
                first, *rest = textwrap.wrap(step.what, self.style.width - _INDENT - 2)
                yield self._line(head, ("? ", "yellow"), first)
                yield from (" " * (_INDENT + 2) + line for line in rest)

    def _turn(self, turn: Turn) -> Iterator[_Piece]:
        entry = turn.branch.entries[turn.arm or 0]
        answer = ("  no", "dim") if turn.arm is None else ("  yes", "green")
        answer = answer if turn.decided else ("  not known: both ways", "yellow")
        if entry.condition is None:
            yield from (entry.keyword, answer)
            return
        start, end = entry.condition.span
        room = self.style.width - _INDENT - len(entry.keyword) - 6
        text = cut(" ".join(self.trace.sources.text[start:end].split()), room)
        yield from (f"{entry.keyword} {text}", answer)

    def _grok(self, head: str, visit: Visit) -> Iterator[str]:
        found = list(taken(visit.plugin, visit.before, self.trace.context))
        name: _Piece = (visit.plugin.name, "bold")
        if found:
            yield self._line(head, name, f"  {'; '.join(map(_pattern, found))}")
            yield from self._events(visit, {f: s for each in found for s, f, _ in each.captures})
            return
        yield self._line(head, name, "  ", _NO_MATCH)
        yield from self._events(visit, {})
        stops = stopped(visit.plugin, visit.before, self.trace.context)
        if stops is not None:
            place = str(self.trace.sources.locate(stops.span))
            yield from mismatch_lines(stops.stops, self.style, where=place, indent=_INDENT)

    def _events(self, visit: Visit, syntaxes: Mapping[str, str]) -> Iterator[str]:
        for number, event in enumerate(visit.after, start=1):
            if len(visit.after) > 1:
                yield self._line(" " * _INDENT, f"event {number}")
            yield from self._changes(visit.before, event, syntaxes)

    def _changes(self, before: Event, after: Event, syntaxes: Mapping[str, str]) -> Iterator[str]:
        """Yield a line for each changed field; ``syntaxes`` has the pattern of each capture."""
        found = changes(before, after)
        rows = [_row(each, syntaxes.get(each.field, "")) for each in found if each.field != _TAGS]
        fields = min(_WIDEST["field"], max((len(field) for _, field, *_ in rows), default=0))
        kinds = min(_WIDEST["kind"], max((len(kind) for _, _, kind, _ in rows), default=0))
        for sign, field, kind, value in rows:
            yield self._line(
                " " * _INDENT, sign, f" {field:<{fields}}  {kind:<{kinds}}  {value}".rstrip()
            )
        for each in found:
            if each.field == _TAGS:
                yield from self._tags(_listed(each.before), _listed(each.after))

    def _tags(self, before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
        for tag in after:
            if tag not in before:
                yield self._line(" " * _INDENT, ("+", "green"), f" tag {tag}")
        for tag in before:
            if tag not in after:
                yield self._line(" " * _INDENT, ("-", "red"), f" tag {tag}")

    def _line(self, *pieces: _Piece) -> str:
        room, line = self.style.width, ""
        for piece in pieces:
            text, tints = (piece, ()) if isinstance(piece, str) else (piece[0], piece[1:])
            line += self.style.paint(cut(text, room), *tints)
            room -= len(text)
        return line


def _count(visit: Visit) -> tuple[_Piece, ...]:
    if not visit.after:
        return (("  dropped", "yellow"),)
    if len(visit.after) > 1:
        return (f"  {len(visit.after)} events",)
    return () if changes(visit.before, visit.after[0]) else (("  nothing", "dim"),)


def _pattern(found: Taken) -> str:
    number = f", pattern {found.index + 1} of {found.count}" if found.count > 1 else ""
    return f"{found.field}{number}"


def _row(change: Change, syntax: str) -> tuple[_Piece, str, str, str]:
    if change.after is NOT_KNOWN:
        return ("?", "yellow"), change.field, "not known", ""
    if change.after is MISSING:
        return ("-", "red"), change.field, "", ""
    sign = ("+", "green") if change.before is MISSING else ("~", "yellow")
    kind = kind_of(change.after)
    if syntax:
        kind = syntax if kind == "string" else f"{syntax} → {kind}"
    return sign, change.field, kind, shown(change.after)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is MISSING or value is None else [value]

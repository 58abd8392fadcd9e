"""The trace of a line: its filters, the events it became, and a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.elasticsearch.templates import Template
from toolkit.evidence.logs.failures import failure_tags
from toolkit.findings import Finding
from toolkit.logstash.event.ruby import array
from toolkit.logstash.pipeline.trail import leaves
from toolkit.logstash.pipeline.unparsed import unparsed
from toolkit.logstash.unknown import references
from toolkit.model.expectations.logs import LogExpectation
from toolkit.reports.terminal.event import dotted, event_lines
from toolkit.reports.terminal.filter_trace import FilterTrace, trace_lines
from toolkit.reports.terminal.style import Style, paragraph


@dataclass(frozen=True, slots=True)
class LineTrace:
    """A line traced through one pipeline, and the contract it is compared with."""

    trace: FilterTrace
    expected: LogExpectation | None = None
    template: Template | None = None
    refused: tuple[str, ...] = ()
    """The reasons for which an index of the template refuses events."""
    unindexed: tuple[Finding, ...] = ()
    """Parts of the template that are not emulated."""

    @property
    def rank(self) -> int:
        """0 if the pipeline parses it, even if the index refuses it, 1 if that is not known."""
        if self.refused or self.unindexed or not self.exit_code:
            return 0
        return 1 if self.exit_code == 3 else 2

    @property
    def failures(self) -> tuple[str, ...]:
        """The tags by which filters mark what they fail on, and the filters that set none."""
        return tuple(dict.fromkeys(self._failures()))

    def _failures(self) -> Iterator[str]:
        marks = failure_tags(further=self.expected.failure_tags if self.expected else ())
        for event in self.trace.events:
            tags = array(event.fields.get("tags"))
            yield from (tag for tag in tags if tag in marks or tag in self.trace.failure_tags)
            unmarked = (each for each in unparsed(event) if each.tag is None)
            yield from (each.failure.by.plugin for each in unmarked if not each.optional)

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields of the contract that no event has."""
        there = {dotted(name) for event in self.trace.events for name, _ in leaves(event)}
        promised = self.expected.fields if self.expected else {}
        unknown = [each for event in self.trace.events for each in event.unknowns]
        objects = {part for name in there for part in _objects(name)}
        absent = (name for name in promised if name not in there | objects)
        return tuple(n for n in absent if not any(each.covers_dotted(n) for each in unknown))

    @property
    def unknown(self) -> tuple[str, ...]:
        """References of the fields that are not known."""
        return tuple(references(self.trace.events))

    @property
    def exit_code(self) -> int:
        """1 if it is not parsed, lost or refused, 3 if it reached what is not emulated."""
        if self.failures or self.trace.crash or self.trace.lost or self.refused:
            return 1
        return 3 if self.trace.unsupported or self.unknown or self.unindexed else 0


def line_trace_lines(traced: LineTrace, style: Style) -> Iterator[str]:
    """Yield the steps, the events, and a verdict."""
    yield from trace_lines(traced.trace, style)
    template, absent = traced.template, "not mapped" if traced.refused else "dynamic"
    mapped = None if template is None else (lambda name: template.type_of(name) or absent)
    for event in traced.trace.events:
        yield ""
        yield from event_lines(event, style, mapped=mapped)
    yield ""
    verdict, colour, reason = _verdict(traced)
    first, *rest = paragraph(reason, style.width - len(verdict) - 2, most=6)
    yield f"{style.paint(verdict, colour, 'bold')}  {first}"
    yield from (" " * (len(verdict) + 2) + line for line in rest)


def _verdict(traced: LineTrace) -> tuple[str, str, str]:
    """Return the verdict, its colour, and the reason."""
    found = traced.trace
    fields = f"{sum(1 for event in found.events for _ in leaves(event))} fields"
    events = f"{len(found.events)} events, " if len(found.events) > 1 else ""
    missing = f", without {', '.join(traced.missing)}" if traced.missing else ""
    unindexed = "".join(each.what for each in traced.unindexed[:1])
    verdicts: Sequence[tuple[object, str, str, str]] = (
        (found.crash, "CRASHED", "red", "the pipeline, with its batch"),
        (found.unsupported, "UNPROVEN", "yellow", "it reached something not emulated"),
        (found.lost, "LOST", "red", "a condition dropped the event"),
        (traced.failures, "NOT PARSED", "red", ", ".join(traced.failures)),
        (traced.refused, "REFUSED", "red", f"by the index: {'; '.join(traced.refused)}"),
        (traced.unknown, "UNPROVEN", "yellow", f"{fields} known, not {', '.join(traced.unknown)}"),
        (unindexed, "UNPROVEN", "yellow", f"parsed, and {unindexed}"),
        (not found.events, "DROPPED", "yellow", "by the pipeline"),
        (True, "PARSED", "green", f"{events}{fields}{missing}"),
    )
    return next((name, colour, why) for applies, name, colour, why in verdicts if applies)


def _objects(name: str) -> Iterator[str]:
    """Yield the objects that a field is in.

    >>> list(_objects("host.os.name"))
    ['host', 'host.os']
    """
    parts = name.split(".")
    return (".".join(parts[:end]) for end in range(1, len(parts)))

"""The outputs of a pipeline that each event goes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.evidence.logs.events import Events, events, start_events
from toolkit.evidence.logs.lines import Line
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.event.event import Event
from toolkit.logstash.pipeline.steps import PipelineCrash, Run, run_steps
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event, and the outputs that receive it."""

    line: Line
    event: Event
    outputs: tuple[nodes.Plugin, ...]
    decided: bool = True
    """False if it may reach others, since a condition reads what is not known."""


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The events of one source behind all filters: once for each input that may receive them."""

    found: tuple[Delivery, ...]
    observed: Events


@dataclass(slots=True)
class _Receivers:
    """Collects the outputs that an event reaches."""

    plugins: list[nodes.Plugin] = field(default_factory=list)
    decided: bool = True

    def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
        self.plugins.append(plugin)

    def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
        """Do nothing: the outputs behind a condition are noted themselves."""

    def undecided(self, branch: nodes.Branch, arm: int, event: Event) -> None:
        self.decided = False


@dataclass(frozen=True, slots=True)
class DeliveriesOf(Derived[Deliveries]):
    """Send the events of lines through the output sections of their pipeline."""

    events: Query[Events]

    def derive(self, events: Answer[Events]) -> Answer[Deliveries]:
        found = list[Delivery]()
        # The crash itself is a finding of `logs/lost-events`.
        with suppress(PipelineCrash):
            found.extend(_delivered(events.evidence))
        evidence = Deliveries(tuple(found), events.evidence)
        return Answer(evidence, events.origin, events.sampled, events.unit, events.caveats)


def _delivered(observed: Events) -> Iterator[Delivery]:
    running = observed.pipeline
    for fields in _received(observed):
        shipped = replace(observed.shipped, fields=fields)
        for record in observed.records:
            for outcome in running.run(start_events(record.line, shipped, observed.now)):
                for event in outcome.events:
                    seen = _Receivers()
                    run = Run(seen)
                    run_steps(running.outputs, [event], run)
                    decided = seen.decided and not (run.lost or run.unsupported)
                    yield Delivery(record.line, event, tuple(seen.plugins), decided)


def _received(observed: Events) -> Iterator[Mapping[str, Any]]:
    """Yield the fields of an event behind each input: its `type`, `tags` and `add_field`."""
    tree, there = observed.configuration, observed.shipped.fields
    given = (
        [attributes.values(each) for each in nodes.plugins(tree.statements("input"))]
        if tree
        else []
    )
    for options in given or [{}]:
        fields = {**options.get("add_field", {}), **there}
        if "type" in options:
            fields.setdefault("type", options["type"])
        tags = [*there.get("tags", ()), *_listed(options.get("tags", ()))]
        yield {**fields, "tags": tags} if tags else fields


def _listed(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else value


def deliveries(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Deliveries]]:
    """Return the queries for the outputs that the events of these lines go to, by source."""
    return {source: DeliveriesOf(each) for source, each in events(expected, scope).items()}

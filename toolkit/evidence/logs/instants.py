"""The timestamp of each event, by the time zone of the machine that runs Logstash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from toolkit.evidence.logs.events import Events, events, lookup
from toolkit.evidence.logs.lines import Line
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.findings import Location
from toolkit.logstash.filters.date import Date
from toolkit.logstash.pipeline.compiler import Pipeline
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ZONES = ("UTC", "America/Sao_Paulo", "Asia/Kathmandu")
"""The time zones in which the same lines are parsed."""


@dataclass(frozen=True, slots=True)
class Instant:
    """The timestamps of one line."""

    line: Line
    by_zone: tuple[datetime | None, ...]
    """In the order of `ZONES`; None if the event has no time, or was dropped."""

    @property
    def agreed(self) -> bool:
        """True if the timestamp does not depend on the time zone."""
        return len(set(self.by_zone)) == 1


@dataclass(frozen=True, slots=True)
class Instants:
    """The timestamps of all lines of one source."""

    instants: tuple[Instant, ...]
    arrived: datetime
    """The timestamp of an event that no filter sets."""
    window: tuple[datetime, datetime] | None = None
    """When the lines were written, if known."""
    zone: str = ""
    """The time zone of the service."""
    dates: tuple[tuple[Date, Location], ...] = ()
    """The date filters of the pipeline, and where each is written."""
    never_set: bool = False
    """True if it is known that no line gives its event a time."""

    def __iter__(self) -> Iterator[Instant]:
        return iter(self.instants)


@dataclass(frozen=True, slots=True)
class InstantsOf(Derived[Instants]):
    """Compare the timestamps of the same lines in several time zones."""

    by_zone: tuple[Query[Events], ...]
    traffic: Query[Traffic] | None = None

    def derive(self, *answers: Answer[Any]) -> Answer[Instants]:
        in_zones = answers[: len(self.by_zone)]
        ran = answers[len(self.by_zone)].evidence if self.traffic else None
        first = in_zones[0]
        rows = zip(*(answer.evidence.records for answer in in_zones), strict=False)
        found = tuple(
            Instant(row[0].line, tuple(_time(record.events) for record in row)) for row in rows
        )
        arrived = _EPOCH + timedelta(microseconds=first.evidence.now // 1000)
        doubts = first.evidence.doubts.about("@timestamp")
        evidence = Instants(
            found,
            arrived,
            _window(ran),
            ran.timezone if ran else "",
            tuple(_dates(first.evidence.pipeline)),
            not doubts and all({*each.by_zone} <= {arrived, None} for each in found),
        )
        return Answer(evidence, first.origin, first.sampled, first.unit, doubts)


def _dates(pipeline: Pipeline) -> Iterator[tuple[Date, Location]]:
    for plugin, each in pipeline.filters:
        if isinstance(each, Date):
            yield each, pipeline.sources.locate(plugin.name_span)


def _time(found: tuple[Mapping[str, Any], ...]) -> datetime | None:
    for event in found:
        for value in lookup(event, "@timestamp"):
            return datetime.fromisoformat(value)
    return None


def _window(ran: Traffic | None) -> tuple[datetime, datetime] | None:
    if ran is None:
        return None
    # Times in lines have whole seconds: one second of tolerance on both sides.
    return (
        datetime.fromtimestamp(ran.started_at - 1, UTC),
        datetime.fromtimestamp(ran.stopped_at + 1, UTC),
    )


def instants(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Instants]]:
    """Return the queries for the timestamps of these lines, by the source of the lines."""
    if "@timestamp" not in expected.fields:
        return {}
    in_zones = [events(expected, scope, zone) for zone in ZONES]
    service = scope.contract.service
    return {
        source: InstantsOf(
            tuple(each[source] for each in in_zones),
            ServiceRun(service) if service and source == "service" else None,
        )
        for source in in_zones[0]
    }

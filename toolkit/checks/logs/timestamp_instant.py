"""The time of an event is not the instant its line speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from toolkit.checks import check
from toolkit.evidence.logs.instants import ZONES, Instant, Instants, instants
from toolkit.findings import Finding, Severity, Subject
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=instants)
def timestamp_instant(expected: LogExpectation, observed: Instants) -> Iterator[Finding]:
    """Every line gets the instant it was written at, wherever Logstash runs.

    ## Why it matters
    A line without a zone is read in the zone of the machine that parses it. Move Logstash,
    or change to summer time, and events land hours away: outside the window of an alert,
    in the index of another day.

    ## How to fix it
    Log in UTC, and declare it: `date { match => … timezone => "UTC" }`. Or write the offset into
    every line.

    ## Reference
    https://www.elastic.co/guide/en/logstash/current/plugins-filters-date.html#plugins-filters-date-timezone
    """
    for finds in (_by_zone, _in_window, _of_arrival):
        if (finding := _first(expected, observed, finds)) is not None:
            yield finding
            return


_Finds = Callable[[LogExpectation, Instants, Instant], Finding | None]


def _first(expected: LogExpectation, observed: Instants, finds: _Finds) -> Finding | None:
    found = (finds(expected, observed, instant) for instant in observed)
    return next((finding for finding in found if finding is not None), None)


def _by_zone(expected: LogExpectation, observed: Instants, instant: Instant) -> Finding | None:
    if instant.agreed:
        return None
    zoned = zip(instant.by_zone, ZONES, strict=True)
    times = [f"{_shown(time, observed)} if Logstash runs in {zone}" for time, zone in zoned]
    return Finding(
        what="the time of a line depends on the zone of the machine that runs Logstash",
        where=instant.line.at(0, 19),
        why="it is " + ", ".join(times[:2]),
        fix='name the zone the lines are written in: `timezone => "UTC"` in the date filter.',
        breaks=(Subject("field", "@timestamp"),),
    )


def _in_window(expected: LogExpectation, observed: Instants, instant: Instant) -> Finding | None:
    time = instant.by_zone[0]
    if observed.window is None or time is None or time == observed.arrived:
        return None
    begin, end = observed.window
    if begin <= time <= end:
        return None
    off = (time - (end if time > end else begin)).total_seconds() / 3600
    return Finding(
        what=f"a line written just now is given a time {abs(off):.2f} hours {_way(off)}",
        where=instant.line.at(0, 19),
        why=f"the service ran in {observed.zone}; its line becomes {_shown(time, observed)}",
        fix="let the service log in UTC, or name its zone in the date filter.",
        breaks=(Subject("field", "@timestamp"),),
    )


def _of_arrival(expected: LogExpectation, observed: Instants, instant: Instant) -> Finding | None:
    if instant.by_zone[0] != observed.arrived:
        return None
    return Finding(
        what="events keep the time at which they arrived, not the one of their line",
        where=instant.line.at(0, 19),
        why=f"no date filter sets its time; {expected.declared} promises `@timestamp`",
        fix="read the time of the line with a `date` filter.",
        severity=Severity.WARNING,
        follows=(Subject("lines", expected.name),),
    )


def _way(hours: float) -> str:
    return "ahead" if hours > 0 else "back"


def _shown(time: datetime | None, observed: Instants) -> str:
    if time is None:
        return "dropped"
    return "that of arrival" if time == observed.arrived else time.strftime("%Y-%m-%dT%H:%M:%SZ")

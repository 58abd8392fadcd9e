"""The time of an event is not the instant its line speaks of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from toolkit.checks import check
from toolkit.evidence.logs.instants import ZONES, Instant, Instants, instants
from toolkit.findings import Finding, Location, Mark, Severity, Subject
from toolkit.logstash.filters.date import Date
from toolkit.model.expectations.logs import LogExpectation


@check(expects=LogExpectation, queries=instants)
def timestamp_instant(expected: LogExpectation, observed: Instants) -> Iterator[Finding]:
    """Every line gets the instant it was written at, wherever Logstash runs.

    ## Why it matters
    A line without a zone is read in the zone of the machine that parses it. Move Logstash,
    or change to summer time, and events land hours away: outside the window of an alert,
    in the index of another day.

    A date filter that no line reaches, or with another `target`, leaves all events dated by
    their arrival: after an outage, hours late. Where there is no date filter, some events get
    their time, or lines have none, that is a warning.

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


_CLOCK = re.compile(r"\d:[0-5]\d:[0-5]\d|\b1\d{9}(?:\d{3})?\b")
"""A time of the clock, or seconds or milliseconds since 1970."""
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
    lost = observed.never_set and _CLOCK.search(instant.line.text)
    dates = observed.dates if lost else ()
    why, fix = _unset(dates)
    return Finding(
        what="events keep the time at which they arrived, not the one of their line",
        where=instant.line.at(0, 19),
        why=f"{why}; {expected.declared} promises `@timestamp`",
        fix=fix,
        severity=None if dates else Severity.WARNING,
        marks=tuple(Mark("filter", where) for _, where in dates[:1]),
        follows=(Subject("lines", expected.name),),
    )


def _unset(dates: Sequence[tuple[Date, Location]]) -> tuple[str, str]:
    """Return the reason for which no filter sets `@timestamp`, and the fix."""
    targets = {date.target: date for date, _ in reversed(dates)}
    if not targets:
        return "no date filter sets its time", "read the time of the line with a `date` filter."
    if "@timestamp" not in targets:
        target = dates[0][0].target
        return (
            f"the date filter writes `{target}`",
            "let the date filter set the time of the event, without `target`.",
        )
    source = targets["@timestamp"].match[0]
    return (
        f"no line reaches the date filter with a `{source}` it can read",
        f"correct the condition around the date filter, or set `{source}` before it.",
    )


def _way(hours: float) -> str:
    return "ahead" if hours > 0 else "back"


def _shown(time: datetime | None, observed: Instants) -> str:
    if time is None:
        return "dropped"
    return "that of arrival" if time == observed.arrived else time.strftime("%Y-%m-%dT%H:%M:%SZ")

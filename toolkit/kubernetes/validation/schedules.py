"""Schedules of CronJobs, and their time zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from toolkit.kubernetes.validation.fields import Errors, ObjectField

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_FIELDS: tuple[tuple[str, int, int, dict[str, int]], ...] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: at for at, name in enumerate(_MONTHS, 1)}),
    ("day of the week", 0, 6, {name: at for at, name in enumerate(_DAYS)}),
)
"""What each field of a schedule holds: its name, least and greatest number, and names."""
_DESCRIPTORS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_DURATION = re.compile(r"[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)")


def schedule(field: ObjectField) -> Errors:
    """Judge a schedule with five fields, or a name such as ``@daily``."""
    yield from (field.invalid(fault) for fault in _faults(field.text))
    if "TZ" in field.text:
        yield field.invalid("must not have `TZ` or `CRON_TZ`", fix="set `timeZone` instead.")


def _faults(text: str) -> Iterator[str]:
    """Yield the faults of a schedule.

    >>> list(_faults("*/5 0-6 1,15 * mon-fri")), list(_faults("0 24 * * *"))
    ([], ['has the hour `24`, which is not from 0 to 23'])
    """
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = text.partition(" ")[2].strip()
    if text.startswith("@"):
        name, _, duration = text.partition(" ")
        every = name == "@every" and _DURATION.fullmatch(duration)
        if text not in _DESCRIPTORS and not every:
            yield f"must be one of {', '.join(_DESCRIPTORS)} or `@every` and a duration"
        return
    found = text.split()
    if len(found) != len(_FIELDS):
        yield f"must have {len(_FIELDS)} fields, and has {len(found)}"
        return
    for each, (what, low, high, names) in zip(found, _FIELDS, strict=True):
        for part in filter(None, each.split(",")):
            if fault := _fault(part, low, high, names):
                yield f"has the {what} `{part}`, which {fault}"
                return


def _fault(part: str, low: int, high: int, names: dict[str, int]) -> str:
    """Return the fault of an expression such as ``1-5/2``; else an empty text."""
    span, *step = part.split("/")
    ends = span.split("-")
    if ends[0] in ("*", "?"):
        numbers: list[int | None] = [low, high]
    else:
        numbers = [names.get(each.lower(), _number(each)) for each in ends]
        if len(ends) == 1:
            numbers.append(high if step else numbers[0])
    every = _number(step[0]) if step else 1
    if len(step) > 1 or len(numbers) > 2 or None in (*numbers, every):
        return "is no number, range or step"
    first, last = (each for each in numbers if each is not None)
    if first < low or last > high:
        return f"is not from {low} to {high}"
    return "ends before it begins" if first > last else "" if every else "has the step 0"


def _number(text: str) -> int | None:
    return int(text) if text.removeprefix("+").isdecimal() and text.isascii() else None


_ZONE_PART = re.compile(r"(?!\.{1,2}$|-)[A-Za-z._0-9+-]{1,14}")


def time_zone(field: ObjectField) -> Errors:
    """Judge the name of a time zone."""
    parts = field.text.split("/")
    if not all(map(_ZONE_PART.fullmatch, parts)) or not _is_zone(field.text):
        yield field.invalid("must be a time zone of the IANA, such as `Europe/Berlin`")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return name.lower() != "local"

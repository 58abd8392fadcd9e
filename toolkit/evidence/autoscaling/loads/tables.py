"""Tables of load: times and values by hand, or the history that Locust writes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.loads.load import (
    REQUESTS,
    LoadTrace,
    costed,
    refused,
    seconds_of,
    thousandths,
    traced,
)
from toolkit.findings import Location

_COUNT = "Total Request Count"
_TIMES = ("seconds", "time", "t", "s")
_AGGREGATED = "Aggregated"


def read_table(source: str, text: str, scaled: Scalable, cost: str | None) -> LoadTrace:
    """Parse a table whose first line names its columns.

    Args:
        source: The file name.
        text: Its content.
        scaled: The autoscaler that it is for.
        cost: CPU of a request, such as ``15ms``.
    """
    rows = [(number, row) for number, row in _rows(text) if any(row.values())]
    where = Location(source, 1)
    if not rows:
        raise refused(f"{source} has no values", where)
    columns = rows[0][1]
    if _COUNT in columns:
        return _locust(where, rows, scaled, cost)
    time = next(iter(columns))
    if time.lower() not in _TIMES or len(columns) < 2:
        raise refused(
            f"the columns of {source} are {', '.join(f'`{each}`' for each in columns)}",
            where,
            "the first column is `seconds`, the others are `cpu`, `requests` or metrics",
        )
    found = {
        name: _column(source, rows, time, name, float if name == REQUESTS else thousandths)
        for name in list(columns)[1:]
    }
    if REQUESTS in found:
        found["cpu"] = costed(found.pop(REQUESTS), cost, where)
    last = max(points[-1][0] for points in found.values())
    return LoadTrace(where, traced(found, scaled), round(last * 1000))


_Rows = Sequence[tuple[int, Mapping[str, str]]]


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(text.splitlines(), restkey="", restval="", skipinitialspace=True)
    for row in reader:
        yield reader.line_num, {str(name).strip(): str(row[name]).strip() for name in row}


def _column(
    source: str, rows: _Rows, time: str, name: str, read: Callable[[str], float]
) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for number, row in rows:
        try:
            points.append((seconds_of(row[time]), read(row[name])))
        except (ValueError, KeyError) as error:
            what = f"`{row.get(name, '')}` is not a value of `{name}`: {error}"
            raise refused(what, Location(source, number)) from error
    if any(later[0] <= earlier[0] for earlier, later in pairwise(points)):
        raise refused(f"the times of {source} do not ascend", Location(source, 2))
    return points


def _locust(where: Location, rows: _Rows, scaled: Scalable, cost: str | None) -> LoadTrace:
    """Parse the requests per second of all endpoints; 0 after the end of Locust's history."""
    latest = {row["Timestamp"]: (number, row) for number, row in rows if _is_total(row)}
    counts = _column(where.source, list(latest.values()), "Timestamp", _COUNT, float)
    if len(counts) < 2:
        raise refused(
            f"{where.source} has fewer than two rows called `{_AGGREGATED}`",
            where,
            "the requests are the difference of two of them",
            "let Locust write it: `locust --csv NAME`, then use `NAME_stats_history.csv`.",
        )
    begun, ended = counts[0][0], counts[-1][0]
    rates = [
        # Locust's own rate lags by ten seconds; its count may restart at 0.
        (since - begun, (after - before if after >= before else after) / (until - since))
        for (since, before), (until, after) in pairwise(counts)
    ]
    load = {"cpu": costed([*rates, (ended - begun, 0.0)], cost, where)}
    return LoadTrace(where, traced(load, scaled), round((ended - begun) * 1000))


def _is_total(row: Mapping[str, str]) -> bool:
    return row.get("Name") == _AGGREGATED

"""An embedded DuckDB that answers for events what an Elasticsearch would answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.evidence.measures import Figures, Part

if TYPE_CHECKING:
    import duckdb

__all__ = ["COLUMNS", "HOUR", "MOST_ROUTES", "QUESTIONS", "Row", "ask", "figures_in"]

HOUR = 3_600_000
"""Milliseconds."""
MOST_ROUTES = 200
"""Further routes are left out, the rarest first."""

COLUMNS = "status INTEGER, seconds DOUBLE, route VARCHAR, millis BIGINT, failed BOOLEAN"

QUESTIONS = """
count(*) FILTER (status IS NOT NULL), count(*) FILTER (status >= 500),
count(seconds), coalesce(fsum(seconds), 0), max(seconds),
quantile_cont(seconds, 0.5), quantile_cont(seconds, 0.95), quantile_cont(seconds, 0.99)
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What the questions need to know of an event."""

    status: int | None = None
    seconds: float | None = None
    route: str | None = None
    at: int | None = None
    """Milliseconds since 1970."""
    tags: tuple[str, ...] = ()
    """Those that mark it as not parsed."""
    ignored: tuple[str, ...] = ()
    """The fields whose value an index would drop."""


def ask(rows: Iterable[Row]) -> Figures:
    """Put rows into a store in memory, and ask it."""
    import duckdb

    rows = list(rows)
    with duckdb.connect(":memory:") as store:
        store.execute(f"CREATE TABLE events ({COLUMNS})")
        columns = [
            [row.status for row in rows],
            [row.seconds for row in rows],
            [row.route for row in rows],
            [row.at for row in rows],
            [bool(row.tags) for row in rows],
        ]
        unnested = ", ".join("unnest(?)" for _ in columns)
        store.execute(f"INSERT INTO events SELECT {unnested}", columns)
        tags = Counter(tag for row in rows for tag in row.tags)
        ignored = Counter(name for row in rows for name in row.ignored)
        return figures_in(store, tags, ignored)


def figures_in(
    store: duckdb.DuckDBPyConnection, by_tag: Mapping[str, int], ignored: Mapping[str, int]
) -> Figures:
    """The figures of the table ``events`` of a store, which has the `COLUMNS`."""
    ((*whole, events, failures, newest),) = store.execute(
        f"SELECT {QUESTIONS}, count(*), count(*) FILTER (failed), max(millis) FROM events"
    ).fetchall()
    requests, errors, timed, seconds, maximum, p50, p95, p99 = whole
    routes = _parts(store, "route", f"ORDER BY count(*) DESC, 1 LIMIT {MOST_ROUTES}")
    statuses = store.execute(
        "SELECT status, count(*) FROM events WHERE status IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return Figures(
        seconds, timed, maximum, p50, p95, p99, requests, errors,
        events=events,
        by_status=dict(statuses),
        failures=failures,
        by_tag=dict(by_tag),
        ignored=dict(ignored),
        routes=routes,
        hours=_parts(store, f"millis - millis % {HOUR}", "ORDER BY 1"),
        newest=newest,
    )  # fmt: skip


def _parts(store: duckdb.DuckDBPyConnection, key: str, order: str) -> dict[Any, Part]:
    found = store.execute(
        f"SELECT {key}, {QUESTIONS} FROM events WHERE {key} IS NOT NULL GROUP BY 1 {order}"
    ).fetchall()
    return {
        name: Part(seconds, timed, maximum, p50, p95, p99, requests, errors)
        for name, requests, errors, timed, seconds, maximum, p50, p95, p99 in found
    }

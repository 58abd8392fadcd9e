"""An embedded DuckDB that answers for events what an Elasticsearch would answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.evidence.elasticsearch.measures import Figures, Part

if TYPE_CHECKING:
    import duckdb

HOUR = 3_600_000
"""Milliseconds."""
MOST_ROUTES = 200
"""Further routes are left out, the rarest first."""

COLUMNS = "status INTEGER, seconds DOUBLE, route VARCHAR, millis BIGINT, failed BOOLEAN"

QUESTIONS = """
count(*) FILTER (status IS NOT NULL), count(*) FILTER (status >= 500),
count(seconds), coalesce(fsum(seconds), 0), max(seconds)
"""
_QUANTILES = """
WITH ranked AS (
  SELECT {key} AS name, seconds,
         row_number() OVER (PARTITION BY {key} ORDER BY seconds) - 1 AS place
  FROM events WHERE seconds IS NOT NULL AND {key} IS NOT NULL),
wanted AS (
  SELECT name, share, share * max(place) AS spot
  FROM ranked, unnest([0.5, 0.95, 0.99]::DOUBLE[]) AS shares(share) GROUP BY name, share)
SELECT name, min(seconds) + (max(seconds) - min(seconds)) * (max(spot) - floor(max(spot)))
FROM ranked JOIN wanted USING (name)
WHERE place IN (floor(spot), ceil(spot)) GROUP BY name, share ORDER BY name, share
"""
"""Exact, and sorted on disk where need be: an aggregate would hold all values in memory."""


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
    statuses = store.execute(
        "SELECT status, count(*) FROM events WHERE status IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return Figures(
        **_values(whole, _quantiles(store, "0").get(0, _NONE)),
        events=events,
        by_status=dict(statuses),
        failures=failures,
        by_tag=dict(by_tag),
        ignored=dict(ignored),
        routes=_parts(store, "route", f"ORDER BY count(*) DESC, 1 LIMIT {MOST_ROUTES}"),
        hours=_parts(store, f"millis - millis % {HOUR}", "ORDER BY 1"),
        newest=newest,
    )


_NONE = (None, None, None)


def _parts(store: duckdb.DuckDBPyConnection, key: str, order: str) -> dict[Any, Part]:
    found = store.execute(
        f"SELECT {key}, {QUESTIONS} FROM events WHERE {key} IS NOT NULL GROUP BY 1 {order}"
    ).fetchall()
    quantiles = _quantiles(store, key)
    return {name: Part(**_values(row, quantiles.get(name, _NONE))) for name, *row in found}


def _quantiles(store: duckdb.DuckDBPyConnection, key: str) -> dict[Any, Sequence[float | None]]:
    """The median, the 95th and the 99th percentile of each part that has latencies."""
    found: dict[Any, list[float | None]] = {}
    for name, value in store.execute(_QUANTILES.format(key=key)).fetchall():
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _values(row: Sequence[Any], quantiles: Sequence[float | None]) -> dict[str, Any]:
    """The values of a `Part`, by name."""
    requests, errors, timed, seconds, maximum = row
    p50, p95, p99 = quantiles
    return {
        "requests": requests,
        "errors": errors,
        "timed": timed,
        "seconds": seconds,
        "maximum": maximum,
        "p50": p50,
        "p95": p95,
        "p99": p99,
    }

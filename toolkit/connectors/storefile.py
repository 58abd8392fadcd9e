"""A DuckDB file that holds events, their lines, and what is asked of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from toolkit.connectors.sinks import Account, StoreItem, file_of
from toolkit.errors import InputError, Unavailable
from toolkit.evidence.elasticsearch.measures import HOUR, MOST_ROUTES, FigureGroup, Figures
from toolkit.findings import Finding, Location

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_WRITING, _READING = "64MB", "256MB"
"""The memory of the store. What does not fit is on disk: a file may be larger than memory."""
_CHECKPOINT = "128MB"
"""So much is written before it is packed: packed earlier, it is packed again with the next."""
_THREADS = 2
"""Each takes memory of its own, which on a machine of many cores would be all there is."""
_QUESTIONS = """
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
_TABLE = """
CREATE TABLE IF NOT EXISTS events (
  id UUID, source VARCHAR, line BIGINT, text VARCHAR,
  status INTEGER, seconds DOUBLE, route VARCHAR, millis BIGINT, failed BOOLEAN,
  tags VARCHAR[], ignored VARCHAR[], event JSON
)
"""
_KINDS = (
    "UUID", "VARCHAR", "BIGINT", "VARCHAR", "INTEGER", "DOUBLE", "VARCHAR", "BIGINT", "BOOLEAN",
    "VARCHAR[]", "VARCHAR[]", "JSON",
)  # fmt: skip
_INSERT = f"""
INSERT INTO events SELECT {", ".join(f"unnest(?::{kind}[])" for kind in _KINDS)}
"""
VARYING = r'[0-9a-f]{8}[0-9a-f-]*|"[^"]*"|\d+'
"""Variable parts of lines of one shape: ids, quoted texts, numbers."""
MOST_SHAPES = 20
_HOUR = f"millis - ((millis % {HOUR}) + {HOUR}) % {HOUR}"
"""The hour's beginning: a remainder of DuckDB is negative before 1970."""
_SHAPES = f"""
WITH shapes AS (
  SELECT tag, left(regexp_replace(
           split_part(text, chr(10), 1), '{VARYING}', '#', 'g'), 200)
           AS shape,
         count(*) AS number, min(events.rowid) AS first
  FROM events, unnest(tags) AS t(tag) GROUP BY ALL ORDER BY number DESC, tag, shape LIMIT ?)
SELECT tag, shape, number, text, source, line FROM shapes JOIN events ON events.rowid = first
ORDER BY number DESC, tag, shape
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """Lines alike but for their numbers, ids and quoted texts, that were not parsed."""

    tag: str
    shape: str
    count: int
    example: str
    where: Location


class StoreFile:
    """An embedded store; close it, or use it in ``with``."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, or create it.

        Args:
            path: The file.
            read_only: Do not create it, and allow others to read it at the same time.

        Raises:
            InputError: The file does not belong to DuckDB, or is in use.
            Unavailable: DuckDB is not installed.
        """
        try:
            import duckdb
        except ImportError as error:
            raise Unavailable(_not_installed()) from error

        self.account = Account()
        self._errors = duckdb.Error
        if read_only and not path.is_file():
            raise InputError(_missing(path))
        limit = _READING if read_only else _WRITING
        try:
            self._store = duckdb.connect(
                str(path),
                read_only=read_only,
                config={
                    "memory_limit": limit,
                    "threads": _THREADS,
                    "wal_autocheckpoint": _CHECKPOINT,
                },
            )
            if not read_only:
                self._store.execute(_TABLE)
        except duckdb.Error as error:
            raise InputError(_not_opened(path, error)) from error

    def add(self, items: Sequence[StoreItem]) -> None:
        """Store a batch; what is stored already stays as it is."""
        try:
            fresh = self._fresh({item.id: item for item in items})
            if fresh:
                columns = [list(column) for column in zip(*map(_values, fresh), strict=True)]
                self._store.execute(_INSERT, columns)
        except self._errors as error:
            raise Unavailable.of(
                what="the store takes no more events",
                where=Location("store"),
                why=f"DuckDB reports: {_message(error)}",
                fix="make room, and load again: what is stored stays, and is not doubled.",
            ) from error
        self.account.sent += len(items)
        self.account.stored += len(fresh)
        self.account.already += len(items) - len(fresh)

    def _fresh(self, items: Mapping[UUID, StoreItem]) -> list[StoreItem]:
        """Those that are not stored.

        A key would be held in memory, all of it. Ids of one file ascend with its lines, so
        that what lies between the first and the last of a batch is found without reading much.
        """
        known: set[UUID] = set()
        for _, some in groupby(sorted(items), key=file_of):
            ids = list(some)
            query = f"SELECT id FROM events WHERE id BETWEEN '{ids[0]}' AND '{ids[-1]}'"
            known.update(each for (each,) in self._store.execute(query).fetchall())
        return [item for identity, item in items.items() if identity not in known]

    def figures(self) -> Figures:
        """The figures of all events; raises `Unavailable` where memory or disk is too small."""
        try:
            return _figures(self._store)
        except self._errors as error:
            raise Unavailable(_not_asked(error)) from error

    def shapes(self, most: int = MOST_SHAPES) -> list[Shape]:
        """The shapes of lines that were not parsed, the most frequent first.

        Raises `Unavailable` as `figures` does.
        """
        try:
            found = self._store.execute(_SHAPES, [most]).fetchall()
        except self._errors as error:
            raise Unavailable(_not_asked(error)) from error
        return [
            Shape(tag, shape, count, example, Location(source, line))
            for tag, shape, count, example, source, line in found
        ]

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns and the rows that SQL gives; raises `InputError`."""
        try:
            found = self._store.execute(sql)
            return [each[0] for each in found.description or ()], found.fetchall()
        except self._errors as error:
            raise InputError.of(
                what="the store does not answer this query",
                where=Location("query", 1, 1, sql.partition("\n")[0]),
                why=f"DuckDB reports: {_message(error)}",
                fix="correct it; the table is `events`: `DESCRIBE events` shows its columns.",
            ) from error

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _figures(store: DuckDBPyConnection) -> Figures:
    ((*whole, events, failures, newest),) = store.execute(
        f"SELECT {_QUESTIONS}, count(*), count(*) FILTER (failed), max(millis) FROM events"
    ).fetchall()
    statuses = store.execute(
        "SELECT status, count(*) FROM events WHERE status IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return Figures(
        **_measured(whole, _quantiles(store, "0").get(0, _NONE)),
        events=events,
        by_status=dict(statuses),
        failures=failures,
        by_tag=_counted(store, "tags"),
        ignored=_counted(store, "ignored"),
        routes=_parts(store, "route", f"ORDER BY count(*) DESC, 1 LIMIT {MOST_ROUTES}"),
        hours=_parts(store, _HOUR, "ORDER BY 1"),
        newest=newest,
    )


def _counted(store: DuckDBPyConnection, column: str) -> Mapping[str, int]:
    counts = store.execute(
        f"SELECT name, count(*) FROM events, unnest({column}) AS t(name)"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return dict(counts.fetchall())


_NONE = (None, None, None)


def _parts(store: DuckDBPyConnection, key: str, order: str) -> dict[Any, FigureGroup]:
    found = store.execute(
        f"SELECT {key}, {_QUESTIONS} FROM events WHERE {key} IS NOT NULL GROUP BY 1 {order}"
    ).fetchall()
    quantiles = _quantiles(store, key)
    return {
        name: FigureGroup(**_measured(row, quantiles.get(name, _NONE))) for name, *row in found
    }


def _quantiles(store: DuckDBPyConnection, key: str) -> dict[Any, Sequence[float | None]]:
    """The median, the 95th and the 99th percentile of each part that has latencies."""
    found: dict[Any, list[float | None]] = {}
    for name, value in store.execute(_QUANTILES.format(key=key)).fetchall():
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _measured(row: Sequence[Any], quantiles: Sequence[float | None]) -> dict[str, Any]:
    """The values of a `FigureGroup`, by name."""
    names = ("requests", "errors", "timed", "seconds", "maximum", "p50", "p95", "p99")
    return dict(zip(names, (*row, *quantiles), strict=True))


def _values(item: StoreItem) -> tuple[Any, ...]:
    row, line = item.row, item.line
    event = json.dumps(item.event, default=str)
    text = line.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    failed = bool(row.tags)
    return (
        str(item.id), line.source, line.number, text, row.status, row.seconds, row.route, row.at,
        failed, list(row.tags), list(row.ignored), event,
    )  # fmt: skip


def _message(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def _not_installed() -> Finding:
    return Finding(
        what="DuckDB is not installed",
        where=Location("duckdb"),
        why="events are stored in a file of DuckDB",
        fix="run `pip install 'telemetry-contract[store]'`.",
    )


def _missing(path: Path) -> Finding:
    return Finding(
        what=f"there is no store at `{path}`",
        where=Location(str(path)),
        why="`toolkit logs load` makes it",
        fix="load some lines first, or name another store with `--from`.",
    )


def _not_opened(path: Path, error: Exception) -> Finding:
    return Finding(
        what=f"`{path}` cannot be opened as a store",
        where=Location(str(path)),
        why=f"DuckDB reports: {_message(error)}",
        fix="name another file, or end the program that uses it.",
    )


def _not_asked(error: Exception) -> Finding:
    return Finding(
        what="the store cannot compute its figures",
        where=Location("store"),
        why=f"DuckDB reports: {_message(error)}",
        fix="load the lines into a new store, with room on the disk beside it.",
    )

"""A store keeps each event once, and tells exact percentiles of more than fits into memory."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.connectors import storefile
from toolkit.connectors.sinks import StoreItem, file_of, line_id
from toolkit.connectors.storefile import StoreFile
from toolkit.errors import InputError, Unavailable
from toolkit.evidence.elasticsearch.measures import Row, figures_of
from toolkit.evidence.logs.lines import Line

MANY = 1_000_000
"""Latencies of 8 bytes each."""


def item(file: str, number: int, **row: float | str) -> StoreItem:
    identity = line_id(file.encode(), number, b"text")
    return StoreItem(identity, Line(file, number, "text"), {}, Row(**row))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreFile]:
    with StoreFile(tmp_path / "logs.duckdb") as found:
        yield found


def test_ids_ascend_with_the_lines_of_a_file() -> None:
    ids = [line_id(b"a", number, str(-number).encode()) for number in (1, 2, 255, 256, 2**32)]
    assert ids == sorted(ids)
    assert len({file_of(each) for each in ids}) == 1
    assert file_of(line_id(b"b", 1, b"")) != file_of(ids[0])
    assert line_id(b"a", 1, b"x") != line_id(b"a", 1, b"y")


def test_lines_of_several_files_are_kept_once_in_whatever_order_they_come(
    store: StoreFile,
) -> None:
    chance = random.Random(3)
    everything = [item(file, number) for file in "abc" for number in range(500)]
    given = [*everything, *chance.sample(everything, 700)]
    chance.shuffle(given)
    for start in range(0, len(given), 97):
        store.add(given[start : start + 97])
    assert str(store.account) == "sent 2200 = stored 1500 + there already 700 + rejected 0"
    _, rows = store.query("SELECT count(*), count(DISTINCT id) FROM events")
    assert rows == [(1500, 1500)]


def test_an_id_that_lies_between_others_is_not_taken_for_one_of_them(store: StoreFile) -> None:
    store.add([item("a", 1), item("a", 3)])
    store.add([item("a", 2), item("a", 4)])
    other = StoreItem(UUID(int=item("a", 2).id.int + 1), Line("a", 2, "second event"), {}, Row())
    store.add([other])
    assert store.account.stored == 5


ROWS = st.lists(
    st.builds(
        Row,
        status=st.none() | st.sampled_from([200, 404, 499, 500, 503]),
        seconds=st.none() | st.floats(0, 1e6),
        route=st.none() | st.sampled_from(["/", "/a", "/é", "/\U0001f600"]),
        at=st.none() | st.integers(-(10**10), 10**13),
        tags=st.lists(st.sampled_from("ab"), unique=True).map(tuple),
        ignored=st.lists(st.sampled_from("cd"), unique=True).map(tuple),
    )
)


@pytest.fixture(scope="module")
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFile]:
    with StoreFile(tmp_path_factory.mktemp("store") / "logs.duckdb") as found:
        yield found


@given(rows=ROWS)
def test_a_store_gives_the_figures_that_are_computed_without_one(
    reused: StoreFile, rows: list[Row]
) -> None:
    reused.query("DELETE FROM events")
    reused.add([replace(item("a", number), row=row) for number, row in enumerate(rows)])
    stored, computed = asdict(reused.figures()), asdict(figures_of(rows))
    assert list(stored["routes"]) == list(computed["routes"])
    assert _rounded(stored) == _rounded(computed)


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    """Round sums: DuckDB compensates for what adding floats loses."""
    parts = {
        key: {name: _rounded(part) for name, part in figures.get(key, {}).items()}
        for key in ("routes", "hours")
    }
    return {**figures, **parts, "seconds": float(f"{figures['seconds']:.12g}")}


def test_without_duckdb_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Unavailable) as raised:
        StoreFile(tmp_path / "logs.duckdb")
    assert raised.value.finding.fix == "run `pip install 'telemetry-contract[store]'`."


def test_percentiles_are_exact_and_need_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, exact = tmp_path / "logs.duckdb", "quantile_cont(seconds, [0.5, 0.95, 0.99])"
    with StoreFile(path) as store:
        store.add([item("a", 0, seconds=0.25, route="/once"), item("a", 1, route="/none")])
        store.query(
            "INSERT INTO events (seconds, route, tags, ignored)"
            f" SELECT (hash(i) % 1000003) / 1e3, '/', [], [] FROM range({MANY}) AS t(i)"
        )
    with duckdb.connect(str(path), read_only=True) as reference:
        found = reference.execute(f"SELECT route, {exact} FROM events GROUP BY 1").fetchall()
        ((wanted_of_all,),) = reference.execute(f"SELECT {exact} FROM events").fetchall()
    apart = [f"quantile_cont(seconds, 0.{share})" for share in range(1, 10)]
    monkeypatch.setattr(storefile, "_READING", "80MB")
    with StoreFile(path, read_only=True) as store:
        with pytest.raises(InputError, match="does not answer"):
            store.query(f"SELECT {', '.join(apart)} FROM events")
        figures = store.figures()
    wanted, parts = dict(found), dict(figures.routes)
    assert list(parts) == ["/", "/none", "/once"]
    assert parts.pop("/none").p50 is None
    for route, part in parts.items():
        assert [part.p50, part.p95, part.p99] == pytest.approx(wanted[route], rel=1e-12)
    assert [figures.p50, figures.p95, figures.p99] == pytest.approx(wanted_of_all, rel=1e-12)

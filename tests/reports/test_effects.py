"""The line that says what a finding leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.findings import Affected, Effect, Location
from toolkit.reports.digest.effects import effect_line

PLACE = Location("a.yml", 1)
KINDS = ("field", "mapping", "metric", "recording rule", "alert", "panel", "dashboard", "Lens")


def effect(*reached: str, broken: str = "field ms") -> Effect:
    """An effect of things written as ``kind name``."""

    def read(text: str) -> Affected:
        kind, _, name = text.rpartition(" ")
        return Affected(kind, name, PLACE, "short" if kind == "mapping" else "")

    return Effect((read(broken),), tuple(map(read, reached)))


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (effect("panel A"), "`ms` → panel `A`"),
        (effect("mapping ms", "panel A", "panel B"), "`ms` → template (short) → panels `A`, `B`"),
        (effect("panel A", "dashboard D"), "`ms` → panel `A`"),
        (effect("dashboard D", broken="panel A"), "panel `A` → dashboard `D`"),
        (effect("saved search A", "saved search B"), "`ms` → saved searches `A`, `B`"),
        (effect("alert A", "alert B", broken="metric up"), "`up` → alerts `A`, `B`"),
        (effect("alert A", "alert A"), "`ms` → alert `A`"),
        (effect("mapping ms", "mapping other", "panel A"), "`ms` → panel `A`"),
        (
            effect("recording rule a:b", "alert A", broken="monitor M"),
            "monitor `M` → recording rule `a:b` → alert `A`",
        ),
    ],
)
def test_names_stand_where_there_is_room(found: Effect, line: str) -> None:
    assert effect_line(found, 80) == line


@pytest.mark.parametrize(
    ("room", "line"),
    [
        (80, "`up` → recording rules `a:b`, `c:d` → alert `Down` → panels `A`, `B`"),
        (59, "`up` → 2 recording rules → alert `Down` → panels `A`, `B`"),
        (52, "`up` → 2 recording rules → alert `Down` → 2 panels"),
        (48, "`up` → 2 recording rules → 1 alert → 2 panels"),
        (30, "`up` → 1 alert → 2 panels"),
        (12, "`up` → 1 al…"),
    ],
)
def test_numbers_stand_where_there_is_none(room: int, line: str) -> None:
    reached = ("recording rule a:b", "recording rule c:d", "alert Down", "panel A", "panel B")
    found = effect_line(effect(*reached, broken="metric up"), room)
    assert found == line
    assert len(found) <= room


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.text(min_size=1)), max_size=12),
    st.integers(10, 120),
)
def test_no_line_is_longer_than_its_room(found: list[tuple[str, str]], room: int) -> None:
    reached = tuple(Affected(kind, name, PLACE) for kind, name in found)
    assert len(effect_line(Effect((Affected("metric", "up", PLACE),), reached), room)) <= room

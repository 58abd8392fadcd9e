"""Which indices a data view shows."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.kibana.views import View, overlap, view_of
from toolkit.languages.positioned import PositionedNode, placed_in
from toolkit.languages.positioned_json import parse_json

GLOBS = st.text("ab*", max_size=4)


def view(**attributes: object) -> View:
    text = json.dumps(attributes)
    return view_of(PositionedNode(parse_json(text, placed_in("x", text))), "v")


@pytest.mark.parametrize(
    ("title", "index", "shown"),
    [
        ("logs-*", "logs-nginx", True),
        ("logs-*", "*-nginx", True),
        ("logs-*,metrics-*", "metrics-cpu", True),
        ("logs-*", "metrics-*", False),
        ("a-*, b-*", "b-1", True),
        ("-logs-old", "-logs-old", False),
        ("LOGS-*", "logs-1", True),
        ("", "logs-1", False),
        ("logs", "logs-1", False),
    ],
)
def test_what_is_shown(title: str, index: str, shown: bool) -> None:
    assert view(title=title).shows(index) is shown


@given(GLOBS, GLOBS)
def test_two_globs_overlap_where_some_name_fits_both(one: str, other: str) -> None:
    names = ("".join(each) for size in range(9) for each in product("ab", repeat=size))
    # Names as long as both globs together without their stars are enough.
    longest = len(one.replace("*", "")) + len(other.replace("*", ""))
    wanted = any(
        fnmatchcase(name, one) and fnmatchcase(name, other)
        for name in names
        if len(name) <= longest
    )
    assert overlap(one, other) is wanted


def test_fields_it_makes_itself_and_its_time() -> None:
    made = view(
        title="a",
        runtimeFieldMap=json.dumps({"slow": {"type": "boolean"}}),
        fields=json.dumps([{"name": "old", "scripted": True}, {"name": "plain"}]),
    )
    assert made.made == {"slow", "old"}
    assert view(title="a", timeFieldName="").time is None
    timed = view(title="a", timeFieldName="at").time
    assert timed is not None
    assert (timed.field, str(timed.where)) == ("at", "x:1:33")


@pytest.mark.parametrize(
    ("title", "remote"), [("eu:a-*", True), ("a-*,eu:a-*", False), ("", False)]
)
def test_what_is_on_other_clusters(title: str, remote: bool) -> None:
    assert view(title=title).is_remote() is remote

"""What an expression reads, and which labels it needs there."""

from __future__ import annotations

import pytest

from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.prometheus.promql import PromQLError, selectors


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        ("sum by (x) (a)", {"a": ("x",)}),
        ("sum without (x) (a)", {"a": ()}),
        ("sum by (x) (a / b)", {"a": ("x",), "b": ("x",)}),
        ("a / on(x) b", {"a": ("x",), "b": ("x",)}),
        ("a / ignoring(x) b", {"a": (), "b": ()}),
        ("sum by (x, y) (a * on(z) group_left(y) b)", {"a": ("x", "z"), "b": ("z", "y")}),
        ("sum by (x, y) (a * on(z) group_right(y) b)", {"a": ("z", "y"), "b": ("x", "z")}),
        ("sum by (x) (a and on(y) b)", {"a": ("x", "y"), "b": ("y",)}),
        ("sum by (x) (a unless b)", {"a": ("x",), "b": ()}),
        ("sum by (x) (a or b)", {"a": ("x",), "b": ("x",)}),
        ('sum by (x) (label_replace(a, "x", "$1", "y", "(.*)"))', {"a": ()}),
        ('sum by (x, y) (label_join(a, "x", ",", "z"))', {"a": ("y",)}),
        ('sum by (x) (count_values("x", a))', {"a": ()}),
        ("quantile by (x) (0.9, a)", {"a": ("x",)}),
        ("a > bool 1", {"a": ()}),
    ],
)
def test_labels_are_needed_where_they_come_from(
    expression: str, needed: dict[str, tuple[str, ...]]
) -> None:
    assert {each.metric: each.labels for each in selectors(expression)} == needed


def test_a_guard_reaches_the_left_side_only() -> None:
    guarded = {each.metric: each.guarded for each in selectors("a / (b or vector(0)) + absent(c)")}
    assert guarded == {"a": False, "b": True, "c": True}


def test_what_is_no_promql_is_said() -> None:
    with pytest.raises(PromQLError):
        selectors("sum(a")


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 101 + "x" + ")" * 101,
        "(" * 10_000 + "x" + ")" * 10_000,
        "sum(" * 10_000 + "x" + ")" * 10_000,
        "-" * 10_000 + "x",
        "+".join(["x"] * 10_000),
        " or ".join(["x"] * 10_000),
        "x[" * 10_000,
    ],
    ids=lambda text: text[:4],
)
def test_what_would_end_the_process_is_an_error_with_a_place(expression: str) -> None:
    where = Location("rules.yml", 3, 7)
    with pytest.raises(InputError, match="levels deep") as caught:
        selectors(expression, where)
    assert caught.value.finding.where == where


def test_long_and_deep_expressions_are_read_within_the_bounds() -> None:
    assert len(selectors("(" * 100 + "x" + ")" * 100)) == 1
    assert len(selectors(" or ".join(["x"] * 250))) == 250
    assert len(selectors(" + ".join(['x{a="b", c!="d", e=~"f"}'] * 200))) == 200
    assert len(selectors('x{a="' + "(" * 500 + '"} # ' + "-" * 500)) == 1

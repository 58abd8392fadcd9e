"""Variables are written out so that what is left is PromQL, and nothing is made up."""

from __future__ import annotations

import pytest

from toolkit.grafana.variables import DashboardVariable, chosen_later, names_in, written_out
from toolkit.prometheus.promql import selectors

KNOWN = {
    "what": DashboardVariable("what", "custom", ("http_requests", "http_errors")),
    "every": DashboardVariable("every", "interval", ("1m",)),
}


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("rate(x[$__rate_interval])", ["rate(x[5m])"]),
        ("rate(x[${every}])", ["rate(x[1m])"]),
        ("x offset $back", ["x offset 5m"]),
        ("x offset -$back", ["x offset -5m"]),
        ("max_over_time(x[$range:$step])", ["max_over_time(x[5m:5m])"]),
        ("x * $__range_s > [[limit]]", ["x * 1 > 1"]),
        (
            "rate(${what}_total[5m])",
            ["rate(http_requests_total[5m])", "rate(http_errors_total[5m])"],
        ),
        ("x{a='$a'}", ["x{a='chosen_in_grafana_a'}"]),
        ("x{a=~`$a|b`}", ["x{a=~`chosen_in_grafana_a|b`}"]),
        ("app_${name:raw}_total", ["app_chosen_in_grafana_name_total"]),
        ('x{a="\\"$a"}', ['x{a="\\"chosen_in_grafana_a"}']),
    ],
)
def test_each_variable_becomes_what_fits_its_place(expression: str, written: list[str]) -> None:
    assert list(written_out(expression, KNOWN)) == written
    for each in written:
        selectors(each)


def test_a_word_is_made_where_a_number_cannot_stand() -> None:
    (written,) = written_out("sum by ($label) (x)", {}, numbers=False)
    (selector,) = selectors(written)
    assert [chosen_later(each) for each in selector.labels] == [True]


def test_combinations_of_known_values_are_bounded() -> None:
    many = {name: DashboardVariable(name, "custom", tuple("abcdefgh")) for name in ("x", "y", "z")}
    assert len(list(written_out("$x + $y + $z", many))) == 16


def test_all_forms_of_a_name_are_known() -> None:
    assert names_in("$a ${b} ${c:csv} ${d.field} [[e]] [[f:regex]] $__g") == (
        *("a", "b", "c", "d", "e", "f"),
        "__g",
    )

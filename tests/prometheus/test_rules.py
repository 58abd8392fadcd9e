"""Rule files and expressions: what Prometheus refuses is refused, and nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.real import program
from toolkit.errors import InputError
from toolkit.prometheus.promql import PromQLError, selectors
from toolkit.prometheus.rules import Rule, parse_rules


def rule(**entries: str) -> str:
    """A file with one rule; a key that is a word of Python ends in an underscore."""
    lines = [f"{key.rstrip('_')}: {value}" for key, value in entries.items()]
    return "groups:\n- name: g\n  rules:\n  - " + "\n    ".join(lines) + "\n"


def group(text: str) -> str:
    return f"groups:\n- {text}\n"


GOOD = {
    "an alert": rule(alert="A", expr="up == 0"),
    "a recording rule": rule(record="a:b", expr="sum(up)"),
    "a duration": rule(alert="A", expr="up", for_="1h30m"),
    "no duration": rule(alert="A", expr="up", for_="0"),
    "keep firing": rule(alert="A", expr="up", keep_firing_for="1m"),
    "labels": rule(alert="A", expr="up", labels="{severity: page, level: 1}"),
    "a template": rule(alert="A", expr="up", annotations="{d: 'x {{ $value }}'}"),
    "nothing": "",
    "no groups": "groups:\n",
    "no rules": group("{name: a, interval: 5s, limit: 3, rules: []}"),
    "a rule twice": group("{name: a, rules: [{alert: A, expr: up}, {alert: A, expr: up}]}"),
    "a number": rule(record="a", expr="1"),
    "a block": rule(alert="A", expr="|\n      sum by (job) (\n        rate(x[5m])) > 1"),
}

BAD = {
    "words for a duration": (rule(alert="A", expr="up", for_="5 minutes"), "is not a duration"),
    "a fraction": (rule(alert="A", expr="up", for_="1.5h"), "is not a duration"),
    "no unit": (rule(alert="A", expr="up", for_="5"), "is not a duration"),
    "an empty duration": (rule(alert="A", expr="up", for_="''"), "is not a duration"),
    "units in another order": (rule(alert="A", expr="up", for_="1m1h"), "is not a duration"),
    "an interval": (group("{name: a, interval: x, rules: []}"), "`interval: x` is not a duration"),
    "a key": (rule(alert="A", expr="up", fro="5m"), "`fro` is not a key"),
    "a key of a group": (group("{name: a, intervall: 5s}"), "`intervall` is not a key"),
    "a key of the file": ("group: []\n", "`group` is not a key"),
    "both": (rule(alert="A", record="a", expr="up"), "at once"),
    "neither": (rule(expr="up"), "without a name"),
    "an empty name": (rule(alert="''", expr="up"), "without a name"),
    "no expression": (rule(alert="A"), "without an expression"),
    "an empty expression": (rule(alert="A", expr="''"), "without an expression"),
    "a list for an expression": (rule(alert="A", expr="[a]"), "without an expression"),
    "a recording rule that waits": (rule(record="a", expr="up", for_="5m"), "has `for:`"),
    "a recording rule with notes": (rule(record="a", expr="up", annotations="{a: b}"), "has `ann"),
    "a label that is the name": (rule(record="a", expr="1", labels="{__name__: b}"), "__name__"),
    "a list of labels": (rule(alert="A", expr="up", labels="[a]"), "is not a mapping"),
    "a group without a name": (group("rules: []"), "has no name"),
    "a group twice": ("groups: [{name: a}, {name: a}]\n", "two groups have the name `a`"),
    "a key twice": (group("{name: a, name: b}"), "duplicate key `name`"),
    "no YAML": ("groups: [", "not valid YAML"),
    "a list": ("- a\n", "a rule file is not a mapping"),
    "a word for rules": (group("{name: a, rules: x}"), "`rules:` is not a list"),
    "a word for a group": (group("a"), "a group is not a mapping"),
}

EXPRESSIONS = (
    "up",
    "up{}",
    '{__name__="up"}',
    'up{a="b",}',
    "up{a='b',c=~`d.*`,e!='',f!~'g+'}",
    "rate(up[5m]) > 1",
    "sum(rate(x[5m])) by (job)",
    "sum by (job,) (x)",
    "sum without () (x)",
    "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))",
    "x or vector(0)",
    "x * on(a) group_left(b) y",
    "x / ignoring(a) y",
    "absent(x)",
    "x offset 5m",
    "x offset -5m",
    "x @ 1609746000",
    "rate(x[5m] offset 1h)",
    "max_over_time(rate(x[5m])[1h:5m])",
    "topk(5, x)",
    'count_values("a", x)',
    "x > bool 1",
    "-x",
    "2 ^ 3 ^ 2",
    'label_replace(x, "a", "$1", "b", "(.*)")',
    "time()",
    "x:y",
    "x # and a comment",
    "1e3",
    "0x1F",
    "x unless y",
    "holt_winters(x[1h], 0.5, 0.5)",
)

NO_EXPRESSIONS = (
    "{}",
    "up{a=b}",
    "rate(up)",
    'histogram_quantile("a", x)',
    "topk(x)",
    "1 > 2",
    "label_replace(x)",
    "nofunc(x)",
    'x{a=~"["}',
    "x.y",
    "5x",
    "x[5m1h]",
    "rate(x[5m])[1h]",
    "sum(x",
    "sum x",
    "x ==",
    "== x",
    "x y",
    'x + "s"',
    "1_000",
    'x{__name__="y"}',
    "x[5m] > 1",
    "sum(x[5m])",
    "x and 1",
    "sum by (a b) (x)",
    'x{a="b" or c="d"}',
    '{a=~".*"}',
)


def read(text: str) -> tuple[Rule, ...]:
    return parse_rules(text, source="rules.yml")


def promtool_accepts(text: str, folder: Path) -> bool:
    path = folder / "rules.yml"
    path.write_text(text, "utf-8")
    command = [program("promtool"), "check", "rules", "--lint=none", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_prometheus_takes(text: str, tmp_path: Path) -> None:
    for found in read(text):
        selectors(found.expression)
    assert promtool_accepts(text, tmp_path)


@pytest.mark.parametrize(("text", "what"), BAD.values(), ids=BAD)
def test_what_prometheus_refuses(text: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(text)
    assert any(what in finding.what for finding in raised.value.findings)
    assert all(finding.where.line for finding in raised.value.findings)
    assert not promtool_accepts(text, tmp_path)


def alert(number: int, expression: str) -> str:
    quoted = expression.replace("'", "''")
    return f"  - {{alert: A{number}, expr: '{quoted}'}}\n"


def test_expressions_that_are_promql(tmp_path: Path) -> None:
    for expression in EXPRESSIONS:
        selectors(expression)
    rules = "".join(alert(*each) for each in enumerate(EXPRESSIONS))
    assert promtool_accepts(f"groups:\n- name: g\n  rules:\n{rules}", tmp_path)


@pytest.mark.parametrize("expression", NO_EXPRESSIONS)
def test_expressions_that_are_none(expression: str, tmp_path: Path) -> None:
    with pytest.raises(PromQLError):
        selectors(expression)
    assert not promtool_accepts("groups:\n- name: g\n  rules:\n" + alert(0, expression), tmp_path)


def test_all_faults_of_a_file_at_once() -> None:
    with pytest.raises(InputError) as raised:
        read(group("{name: a, rules: [{alert: A, fro: 5m}, {record: b, expr: up, for: 5m}]}"))
    assert [str(each.where) for each in raised.value.findings] == [
        "rules.yml:2:37",
        "rules.yml:2:21",
        "rules.yml:2:69",
    ]


def test_keys_of_other_programs_that_read_the_file_are_taken() -> None:
    assert read(group("{name: a, partial_response_strategy: warn, rules: []}")) == ()
    assert read(group("{name: a, concurrency: 2, rules: [{alert: A, expr: up, debug: true}]}"))


MANIFESTS = """\
apiVersion: v1
kind: Service
metadata: {name: a}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: b}
spec:
  groups:
  - name: g
    rules:
    - alert: A
      expr: up == 0
"""


def test_manifests_are_read_and_others_passed_over() -> None:
    (found,) = read(MANIFESTS)
    assert (found.name, str(found.passage.where)) == ("A", "rules.yml:13:13")


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        (rule(alert="A", expr="sum by (group) (up)"), "up", "rules.yml:5:27"),
        (rule(alert="A", expr="'up > 1'"), "up", "rules.yml:5:12"),
        (rule(alert="A", expr='"up > 1"'), "up", "rules.yml:5:12"),
        (rule(alert="A", expr="|\n      a +\n        b:c + b"), "b", "rules.yml:7:15"),
        (rule(alert="A", expr=">-\n      a +\n        b"), "b", "rules.yml:7:9"),
        (rule(alert="A", expr="a +\n      b"), "b", "rules.yml:6:7"),
        (rule(alert="A", expr="up"), "nowhere", "rules.yml:5:11"),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, word: str, place: str) -> None:
    (found,) = read(text)
    where = found.passage.locate(word)
    assert str(where) == place
    if word != "nowhere":
        assert where.excerpt[(where.column or 1) - 1 :].startswith(word)


READS = {
    "up": ["up"],
    '{__name__="up", a="b"}': ['up{a="b"}'],
    'rate(a{b="c",d=~"e.*"}[5m]) / b': ['a{b="c", d=~"e.*"}', "b"],
    "max_over_time(rate(a[5m])[1h:1m]) + b offset 5m": ["a", "b"],
    "topk(5, a) > 1 and -b": ["a", "b"],
    'label_replace(a, "x", "$1", "y", "(.*)")': ["a"],
    "vector(time()) > 1": [],
}


@pytest.mark.parametrize(("expression", "found"), READS.items(), ids=READS)
def test_what_an_expression_reads(expression: str, found: list[str]) -> None:
    assert [str(each) for each in selectors(expression)] == found


def test_how_an_expression_uses_what_it_reads() -> None:
    (inner,) = selectors("sum by (a, b) (max without (c) (rate(x[5m])))")
    assert (inner.labels, inner.functions) == (("a", "b"), ("sum", "max", "rate"))
    many, one = selectors("x * on (a) group_left (b) y")
    assert (many.labels, one.labels) == (("a",), ("a", "b"))
    one, many = selectors("x * on (a) group_right (b) y")
    assert (one.labels, many.labels) == (("a", "b"), ("a",))
    assert [each.labels for each in selectors("sum by (c) (x and on (a) y)")] == [
        ("c", "a"),
        ("a",),
    ]
    (made,) = selectors('sum by (a, c) (label_replace(x, "c", "$1", "b", "(.*)"))')
    assert made.labels == ("a",)
    assert [each.labels for each in selectors("x / ignoring (a) y")] == [(), ()]


@pytest.mark.parametrize(
    ("expression", "guarded"),
    [
        ("x", [False]),
        ("x or vector(0)", [True]),
        ("x or (vector(0))", [True]),
        ("x or 0 * y", [True, False]),
        ("x or y", [False, False]),
        ("sum(x) or vector(0)", [True]),
        ("x > 1 or vector(0)", [True]),
        ("absent(x)", [True]),
        ("absent_over_time(x[5m])", [True]),
        ("x and vector(0)", [False]),
    ],
)
def test_what_is_guarded_against_being_absent(expression: str, guarded: list[bool]) -> None:
    assert [each.guarded for each in selectors(expression)] == guarded


@pytest.mark.parametrize(
    ("matcher", "accepted", "refused"),
    [
        ('a="b"', ["b"], ["", "bb"]),
        ('a!="b"', ["", "c"], ["b"]),
        ('a=~"5.."', ["500"], ["50", "5000", ""]),
        ('a!~"5.."', ["200", ""], ["500"]),
        ('a=~"b|c"', ["b", "c"], ["bc"]),
        ('a=~""', [""], ["b"]),
    ],
)
def test_matchers_accept_what_prometheus_selects(
    matcher: str, accepted: list[str], refused: list[str]
) -> None:
    (selector,) = selectors(f"x{{{matcher}}}")
    (found,) = selector.matchers
    assert str(found) == matcher
    assert [value for value in (*accepted, *refused) if found.accepts(value)] == accepted


@given(st.text(alphabet='upx{}="~[]5m()+-> by,sum\n', max_size=30))
def test_any_text_is_an_expression_or_refused_in_words(text: str) -> None:
    try:
        selectors(text)
    except PromQLError as error:
        said = str(error)
    else:
        return
    assert said


@given(st.text(alphabet="groupsnamelt:- []{}'\n\tx&*", max_size=60))
def test_any_text_is_a_rule_file_or_refused_in_words(text: str) -> None:
    try:
        read(text)
    except InputError as error:
        found = error.findings
    else:
        return
    assert all(each.fix.endswith((".", "?")) for each in found)

"""What is captured, under which name and as which type; and what is refused, and where."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.logstash.config import fits
from toolkit.logstash.grok import Capture, Expression, ExpressionError, shipped_definitions
from toolkit.logstash.grok.expression import Captured
from toolkit.logstash.texts import FaultRows

LEGACY = shipped_definitions(ecs=False)


def match(expression: str, text: str) -> list[tuple[str, Captured]] | None:
    return Expression(expression, LEGACY).match(text)


@pytest.mark.parametrize(
    ("expression", "text", "captured"),
    [
        ("%{WORD:a} %{INT:b:int}", "x 12", [("a", "x"), ("b", 12)]),
        ("%{NUMBER:n:float}", "1.50", [("n", 1.5)]),
        ("%{NUMBER:n:long}", "12", [("n", "12")]),
        ("%{NUMBER:n:int:float}", "12.9", [("n", 12)]),
        ("(?<a:b>x)(?<v:w:int>7)", "x7", [("b", "x"), ("w", 7)]),
        ("%{WORD::a}", "x", [("", "x")]),
        ("(?<x:>y)(?<w::int>1)", "y1", [("x", "y"), ("", 1)]),
        ("(%{WORD:a})(-)?(?<b>y)?", "x", [("a", "x"), ("b", None)]),
        ("(plain)", "plain", []),
        # Names come in the order they appear first; of one name only the first is converted.
        ("(?<a>.)(?<b>.)(?<a>.)", "xyz", [("a", "x"), ("a", "z"), ("b", "y")]),
        ("%{INT:v:int} %{INT:v:int}", "1 2", [("v", 1), ("v", "2")]),
        ("%{INT:v} %{INT:v:int}", "1 2", [("v", "1"), ("v", 2)]),
        ("%{WORD:a}.", "x\n", [("a", "x")]),
    ],
)
def test_captures(expression: str, text: str, captured: list[tuple[str, Captured]]) -> None:
    assert match(expression, text) == captured


def test_an_empty_capture_is_zero_and_an_absent_one_is_nothing() -> None:
    assert match(r"(?<n:v:int>\d*)(?:=(?<n:w:int>\d+))?", "x") == [("v", 0), ("w", None)]


def test_a_line_that_does_not_match() -> None:
    assert match("^%{INT:a}$", "x") is None


def test_the_captures_are_known_before_a_line_is() -> None:
    expression = Expression("%{WORD:[a][b]} %{INT:c:int}", LEGACY)
    assert expression.captures == (Capture("[a][b]", 1), Capture("c", 2, "int"))


def test_with_all_captures_patterns_give_fields_too() -> None:
    expression = Expression("%{NUMBER}", LEGACY, named_captures_only=False)
    assert expression.match("5") == [("NUMBER", "5"), ("BASE10NUM", "5")]


@pytest.mark.parametrize(
    ("expression", "kind", "where", "logstash"),
    [
        ("a %{WROD:x}", "unknown-pattern", "%{WROD:x}", "pattern %{WROD:x} not defined"),
        ("a %{word x}", "unknown-pattern", "%{word x}", "pattern %{word x} not defined"),
        ("%{A=%{A}}", "recursion", "%{A=%{A}}", "Deep recursion pattern compilation"),
        ("a (b", "regex", "(b", "end pattern with unmatched parenthesis: /a (b/m"),
        ("%{WORD:x} *+*[z", "regex", "[z", "premature end of char-class"),
        ("%{A=[}", "regex", "%{A=[}", "premature end of char-class"),
    ],
)
def test_what_is_refused(expression: str, kind: str, where: str, logstash: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(expression, LEGACY)
    [problem] = caught.value.problems
    start, end = problem.place.in_expression
    assert problem.kind == kind
    assert problem.logstash.startswith(logstash)
    assert expression[start:].startswith(where[:2])
    assert start <= end <= len(expression)


def test_a_misspelt_pattern_gets_a_suggestion() -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression("%{NOSPACE:x} %{QQQQ}", LEGACY)
    near, far = caught.value.problems
    assert near.what == "pattern `NOSPACE` is not defined"
    assert near.fix == "did you mean `NOTSPACE`?"
    assert far.fix == "define `QQQQ` in pattern_definitions."


@given(st.text("%{}:=[]()?<>\\|*+ABa1 ", max_size=20))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    with suppress(ExpressionError):
        Expression(text, {"A": "a", "B": "%{A:b}"}).match(text)


_DOUBLING = {f"A{n}": f"%{{A{n + 1}}}%{{A{n + 1}}}" for n in range(60)} | {"A60": "x"}
_CHAIN = {f"A{n}": f"%{{A{n + 1}}}" for n in range(300)} | {"A300": "x"}


@pytest.mark.parametrize(
    ("expression", "definitions", "what", "unsupported"),
    [
        ("a %{A0}", _DOUBLING, "more than 10,000 patterns", False),
        ("a %{A0}", _CHAIN, "too deep nest level", True),
        ("a " + "%{A}" * 500, {"A": "x" * 100_000}, "more than 200,000 characters", True),
        ("a " + "(" * 5000 + ")" * 5000, {}, "too deep nest level", True),
    ],
    ids=["doubling", "chain", "long", "groups"],
)
def test_what_would_exhaust_the_memory_or_the_stack_is_refused_at_its_place(
    expression: str, definitions: dict[str, str], what: str, unsupported: bool
) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression(expression, definitions)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert problem.unsupported is unsupported
    assert problem.place.in_expression[0] >= 2


FAULTS = FaultRows("toolkit.logstash.grok").rows
FAULTY = {
    "SELF": "a%{SELF}",
    "D0": "a",
    **{f"D{n}": f"%{{D{n - 1}}}" * 2 for n in range(1, 15)},
    "DOUBLED": "%{D14}",
    "THOUSAND": "a" * 1000,
    "LONG": "%{THOUSAND}" * 201,
    "NESTED": "(" * 101 + "a" + ")" * 101,
    "NUMBER": "1",
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_the_example_of_a_fault_has_it(name: str) -> None:
    row = FAULTS[name]
    with pytest.raises(ExpressionError) as caught:
        Expression(row["example"], FAULTY)
    (problem,) = caught.value.problems
    for part in ("kind", "what", "fix", "logstash"):
        assert fits(getattr(problem, part), row[part])

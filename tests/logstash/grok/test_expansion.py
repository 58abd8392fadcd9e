"""How definitions take the place of tokens, and how the way back is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.grok.expansion import TooDeep, Undefined, expand

DEFINITIONS = {
    "A": "a+",
    "B": "%{A:inner}b",
    "LOOP": "x%{LOOP}?",
    "PING": "%{PONG}",
    "PONG": "%{PING}",
}


def regex_of(expression: str, *, named_captures_only: bool = True) -> str:
    return expand(expression, DEFINITIONS, named_captures_only=named_captures_only).regex


def test_only_named_tokens_capture_unless_all_shall() -> None:
    assert regex_of("%{B} %{A:x:int}") == "(?:(?<A:inner>a+)b) (?<A:x:int>a+)"
    assert regex_of("%{B}", named_captures_only=False) == "(?<B>(?<A:inner>a+)b)"


def test_an_inline_definition_holds_from_there_on() -> None:
    assert regex_of("%{A:x} %{A:y=z} %{A:v}") == "(?<A:x>a+) (?<A:y>z) (?<A:v>z)"
    assert DEFINITIONS["A"] == "a+"


def test_a_token_may_come_about_by_what_follows_a_definition() -> None:
    assert expand("%{HALF}}", {"HALF": "%{A", "A": "a"}).regex == "(?:(?:a)"


@pytest.mark.parametrize("expression", ["%{LOOP}", "%{PING:x}", "%{A=%{A}}", "%{A=b%{C=%{A}}}"])
def test_a_pattern_that_contains_itself_is_refused(expression: str) -> None:
    with pytest.raises(TooDeep):
        regex_of(expression)


def test_an_inline_definition_may_end_what_looks_endless() -> None:
    assert expand("%{A}", {"A": "a%{A=b}"}).regex == "(?:a(?:b))"


def test_all_undefined_patterns_are_named_with_their_places() -> None:
    with pytest.raises(Undefined) as caught:
        expand("%{NO:a} %{B} %{NONE}", {"B": "b%{NOT}"})
    found = [
        (token.syntax, place.origin.syntax, place.start) for token, place in caught.value.tokens
    ]
    assert found == [("NO", None, 0), ("NOT", "B", 1), ("NONE", None, 13)]


def test_the_way_back_leads_to_the_definition_and_to_the_expression() -> None:
    expansion = expand("x %{B:out}", DEFINITIONS)
    at = expansion.regex.index("a+")
    place = expansion.locate(at, at + 2)
    assert (place.origin.syntax, place.start, place.end) == ("A", 0, 2)
    assert place.in_expression == (2, 10)
    group = expansion.locate(2, 3)
    assert group.token is not None
    assert (group.token.name, group.origin.syntax, group.start, group.end) == (
        "B:out",
        None,
        2,
        10,
    )


@given(st.text("%{}:=AB ab\\(", max_size=30))
def test_every_character_that_was_written_is_found_again(expression: str) -> None:
    try:
        expansion = expand(expression, {"A": "a", "B": "%{A} %{A"})
    except (Undefined, TooDeep):
        return
    for position, character in enumerate(expansion.regex):
        place = expansion.locate(position, position + 1)
        if place.token is None:
            assert place.origin.text[place.start : place.end] == character
        first, last = place.in_expression
        assert 0 <= first <= last <= len(expression)

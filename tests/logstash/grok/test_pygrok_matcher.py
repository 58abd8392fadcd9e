"""What pygrok says, where it has something to say."""

from __future__ import annotations

import pytest

from toolkit.logstash.grok import Expression, shipped_definitions
from toolkit.logstash.grok.pygrok_matcher import PygrokError, PygrokMatcher


def test_it_agrees_on_plain_expressions() -> None:
    text, line = "%{WORD:verb} %{URIPATH:path} %{INT:status:int}", "GET /a/b 200"
    ours = Expression(text, shipped_definitions(ecs=False)).match(line)
    assert ours is not None
    assert PygrokMatcher(text).match(line) == dict(ours)
    assert PygrokMatcher(text).match("GET") is None


def test_it_takes_further_definitions() -> None:
    assert PygrokMatcher("%{ID:id}", {"ID": "[a-z]+"}).match("abc") == {"id": "abc"}


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("%{NOPE:a}", "pygrok has no pattern 'NOPE'"),
        ("(%{WORD:a}", "pygrok cannot compile it"),
        ("%{WORD:[a][b]}", "pygrok does not read `%{WORD:[a][b]}`"),
    ],
)
def test_it_has_no_opinion_on_what_it_cannot_read(expression: str, reason: str) -> None:
    with pytest.raises(PygrokError, match=r"^pygrok") as caught:
        PygrokMatcher(expression)
    assert str(caught.value).startswith(reason)


def test_it_has_no_opinion_where_it_fails() -> None:
    with pytest.raises(PygrokError, match="fails on the line"):
        PygrokMatcher("%{NUMBER:n:int}").match("12.9")

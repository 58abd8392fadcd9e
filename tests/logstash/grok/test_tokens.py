"""Where tokens begin and end in text that is odd enough to tell."""

from __future__ import annotations

import pytest

from toolkit.logstash.grok.tokens import next_token


def name_of(text: str) -> str | None:
    token = next_token(text)
    return token.name if token else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%{WORD}", "WORD"),
        ("%{WORD:who}", "WORD:who"),
        ("%{INT:[http][status]:int}", "INT:[http][status]:int"),
        ("%{INT:@metadata.x-1:float}", "INT:@metadata.x-1:float"),
        # What fits nothing is swallowed up to the brace.
        ("%{WORD :who}", "WORD"),
        ("%{WORD:a/b}", "WORD:a"),
        ("%{WORD:aé}", "WORD:a"),
        ("%{A.B:x}", "A"),
        # [A-z] takes in what lies between the alphabets.
        ("%{A[0]^`:x}", "A[0]^`:x"),
        (r"%{WORD:a\b}", r"WORD:a\b"),
        (r"\%{WORD}", "WORD"),
        ("%{%{WORD}", "WORD"),
        ("%{ WORD}", None),
        ("%{WORD", None),
        ("{WORD}", None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert name_of(text) == name


@pytest.mark.parametrize(
    ("text", "definition", "rest"),
    [
        ("%{A=x+} b", "x+", " b"),
        (r"%{A:a=\d{2}}", r"\d{2}", ""),
        ("%{A:a=[a-c]{2,3}x} y", "[a-c]{2,3}x", " y"),
        ("%{A=x{{1}}}", "x{{1}}", ""),
        ("%{A:a/b=x}", None, ""),
        # After a backslash all is taken in, up to the last brace of the line.
        (r"%{A=\d+} %{B:b}", r"\d+} %{B:b", ""),
        (r"%{A=\d+} %{B:b} c", r"\d+} %{B:b", " c"),
        ("%{A=\\d+}\n%{B}\n", "\\d+}\n%", "\n"),
    ],
)
def test_inline_definitions(text: str, definition: str | None, rest: str) -> None:
    token = next_token(text)
    assert token is not None
    assert (token.definition, text[token.end :]) == (definition, rest)


def test_the_search_begins_where_it_is_told_to() -> None:
    token = next_token("%{A} %{B}", 1)
    assert token is not None
    assert (token.syntax, token.semantic, token.start, token.end) == ("B", None, 5, 9)

"""Where an expression stops, and what it is said to miss there."""

from __future__ import annotations

import pytest

from toolkit.logstash.grok import Expression, shipped_definitions
from toolkit.logstash.grok.anomalies import anomalies
from toolkit.logstash.grok.explain import GrokMismatch, explain, explain_all
from toolkit.logstash.grok.needs import need_of_regex
from toolkit.logstash.grok.outline import outline

DEFINITIONS = {**shipped_definitions(ecs=True), "ORDER": r"[A-Z]{2}-\d{4,6}"}
LINE = "2026-01-10 00:45:12 INFO Root method=GET status=- latency_ms=3.2"
PATTERN = (
    "^%{TIMESTAMP_ISO8601:ts} %{LOGLEVEL:level} %{DATA:text} method=%{WORD:method}"
    " status=%{INT:status:int} latency_ms=%{NUMBER:latency_ms:float}$"
)


def stop(expression: str, line: str) -> GrokMismatch:
    found = explain(Expression(expression, DEFINITIONS), line)
    assert found is not None
    return found


def test_the_token_its_definition_and_the_place_in_the_line() -> None:
    found = stop(PATTERN, LINE)
    assert found.what == "INT needs a digit"
    assert PATTERN[found.start : found.end] == "%{INT:status:int}"
    assert found.line[found.matched :].startswith("- latency")
    assert found.definition[found.definition_start : found.definition_end] == "[0-9]+"


def test_a_line_that_matches_has_no_stop() -> None:
    assert (
        explain(Expression(PATTERN, DEFINITIONS), LINE.replace("-  l", "l").replace("=- ", "=1 "))
        is None
    )


@pytest.mark.parametrize(
    ("expression", "line", "what", "token", "rest"),
    [
        ("^%{INT:a}$", "5\r", "the expression needs the end of the line", "$", "\r"),
        (
            "^%{INT:a} %{WORD:b}",
            "5  x",
            "WORD needs a word of ASCII letters, digits and _",
            "%{WORD:b}",
            " x",
        ),
        ("%{INT:a} ms", "5ms", "the expression needs ` ms`", " ", "ms"),
        (
            "order %{ORDER:o} done",
            "order AB-12 done",
            "ORDER needs a digit",
            "%{ORDER:o}",
            "AB-12 done",
        ),
        ("at %{LOGLEVEL:l}", "at Foo", "LOGLEVEL needs a log level", "%{LOGLEVEL:l}", "Foo"),
        ("a(?: b=%{INT:c})?$", "a b=x", "INT needs a digit", "%{INT:c}", "x"),
        ("x|y%{INT:n}", "ay", "INT needs a digit", "%{INT:n}", ""),
        ("^[^,]+,b", "a", "the expression needs `,b`", ",", ""),
        ("^(?:ab){3}c", "ababc", "the expression needs `(?:ab){3}`", "(?:ab){3}", "ababc"),
        (r"^\w+@\S+$", "me", "the expression needs `@`", "@", ""),
    ],
)
def test_stops(expression: str, line: str, what: str, token: str, rest: str) -> None:
    found = stop(expression, line)
    assert found.what == what
    assert expression[found.start : found.end] == token
    assert line[found.matched :] == rest


def test_a_part_of_the_token_may_have_matched() -> None:
    found = stop("at %{TIMESTAMP_ISO8601:t}", "at 2026-01-10_00:45:12")
    assert (found.pattern, found.needs) == ("TIMESTAMP_ISO8601", "`[T ]`")
    assert (found.matched, found.reached) == (3, len("at 2026-01-10"))


def test_the_expression_that_came_furthest_is_first() -> None:
    expressions = [
        Expression(text, DEFINITIONS) for text in ("^x", "^%{INT:a} %{INT:b}", "^%{INT:a};")
    ]
    assert [found.expression for found in explain_all(expressions, "5 x")] == [
        "^%{INT:a} %{INT:b}",
        "^%{INT:a};",
        "^x",
    ]
    assert explain_all(expressions, "5 6") == []


@pytest.mark.parametrize(
    ("line", "what", "where"),
    [
        ("\ufeffx", "a byte order mark", (0, 1)),
        ("x\r", "a carriage return", (1, 2)),
        ("x \t", "a blank at the end", (1, 3)),
        ("a  b", "more than one blank", (1, 3)),
        ("a\xa0b", "a non-breaking space", (1, 2)),
        ("\x1b[31mred", "an ANSI escape", (0, 5)),
        ("12,5 s", "a comma where a dot may be meant", (2, 3)),
        ("Müller", "letters that are not ASCII", (1, 2)),
        ("\ufffd\ufffdG\0E\0T\0", "NUL bytes, as UTF-16 has them", (0, 8)),
        ("\0G\0E\0", "NUL bytes, as UTF-16 has them", (0, 5)),
        ("a\udce9b", "bytes that are no UTF-8", (1, 2)),
    ],
)
def test_oddities(line: str, what: str, where: tuple[int, int]) -> None:
    [odd] = anomalies(line)
    assert (odd.what, (odd.start, odd.end)) == (what, where)


def test_a_plain_line_is_not_odd() -> None:
    assert anomalies("2026-01-10T00:45:12.123Z INFO a, b [c] 1,000,000") == ()


def test_the_nearest_oddity_is_first() -> None:
    found = stop(r"^a %{INT:a} \w+$", "a  5 x\r")
    assert [odd.what for odd in found.odd] == ["more than one blank", "a carriage return"]


@pytest.mark.parametrize(
    ("text", "need"),
    [
        (r"\d+x", "a digit"),
        (r"\[%{WORD}", "`[`"),
        ("[^;]*", "anything but `;`"),
        ("[abc]", "`[abc]`"),
        ("a?b", "`a?`"),
        (".+", "one more character"),
    ],
)
def test_needs(text: str, need: str) -> None:
    end = 2 if text == "a?b" else text.find("]") + 1 or 2
    assert need_of_regex(text, 0, end) == need


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (r"a\d{2,3}?b", ["a", r"\d{2,3}?", "b"]),
        ("(?<n>a(b))+c", ["(?<n>a(b))+", "c"]),
        (r"[)\]]x{y}", [r"[)\]]", "x", "{", "y", "}"]),
        (r"(?=a|b)\k<n>(?#c)\p{Alpha}", ["(?=a|b)", r"\k<n>", "(?#c)", r"\p{Alpha}"]),
        ("[[:alpha:]]*+(?i)x", ["[[:alpha:]]*+", "(?i)", "x"]),
        (r"(a\)[)]b)c", [r"(a\)[)]b)", "c"]),
        ("(a", ["(a"]),
        ("[a", ["[a"]),
    ],
)
def test_the_outline_of_a_regex(text: str, items: list[str]) -> None:
    [branch] = outline(text)
    assert [text[item.start : item.end] for item in branch] == items

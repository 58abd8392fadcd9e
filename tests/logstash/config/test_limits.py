"""Texts of machines: deep, long, and quick to answer."""

from __future__ import annotations

import time

import pytest

from tests.logstash.config import parsed
from toolkit.errors import PipelineError, Unsupported

MANY = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "filter { " + "if [a] { " * MANY,
        "filter { if " + "(" * MANY,
        "filter { if " + "!(" * MANY,
        "filter { if " + "foo(" * MANY,
        "filter { if " + "[a] and " * MANY + "[b] { } }",
        "filter { mutate { x => " + "[" * MANY,
        "filter { mutate { x => " + "{ a1 => " * MANY,
        "filter { " + "mutate { x => " * MANY,
    ],
    ids=lambda text: text[:30],
)
def test_what_goes_too_deep_is_not_followed(text: str) -> None:
    with pytest.raises(Unsupported):
        parsed(text)


def test_a_hundred_brackets_are_followed() -> None:
    parsed("filter { " + "if [a] { " * 99 + "}" * 100)
    parsed("filter { if " + "(" * 98 + "[a]" + ")" * 98 + " { } }")
    parsed("filter { if " + "[a] and " * 299 + "[b] { } }")


@pytest.mark.parametrize(
    "text",
    [
        "filter {" * MANY,
        "}" * MANY,
        "x" * 10 * MANY,
        'filter { mutate { x => "' + "x" * 10 * MANY,
        'filter { mutate { x => "' + '\\"' * 5 * MANY,
        "filter { mutate { x => " + "1" * 10 * MANY + " } }",
        "filter { if [" + "a" * 10 * MANY,
        'filter { "' * MANY,
    ],
    ids=lambda text: text[:30],
)
def test_long_lines_are_refused_in_a_short_message(text: str) -> None:
    with pytest.raises(PipelineError) as caught:
        parsed(text)
    finding = caught.value.finding
    assert max(map(len, (finding.what, finding.why, finding.fix))) < 1000


def test_a_long_line_is_parsed() -> None:
    parsed('filter { mutate { x => "' + "x" * 10 * MANY + '" } } #' + "x" * 10 * MANY)


def test_two_hundred_lines_take_no_time() -> None:
    section = """filter {
  if [type] == "x" and [message] =~ /y/ {
    mutate {
      add_field => { "a" => "b" "c" => "d" }
      gsub => ["a", "b", "c"]
    }
  } else {
    grok { match => { "message" => "%{WORD:a} %{INT:b}" } }
  }
}
"""
    began = time.process_time()
    parsed(section * 20)
    assert time.process_time() - began < 0.1

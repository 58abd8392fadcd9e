"""Which lines count as not parsed, by what a filter leaves on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.connectors.files import FileSystem
from toolkit.evidence.logs.events import events
from toolkit.evidence.logs.failures import failures
from toolkit.findings import Location
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer
from toolkit.verification import gather, report_bug

GROK = 'grok { match => { "message" => "^status=%{INT:status}$" } '
HEAD = 'grok { match => { "message" => "^%{WORD:verb} %{GREEDYDATA:rest}$" } } '
WORDS = 'grok { match => { "message" => "%{WORD:word}" } '


def said(folder: Path, filters: str, line: str, *tags: str) -> list[str]:
    """The tag by which a line counts as not parsed; ``none`` or ``optional`` without one."""
    (folder / "app.conf").write_text(f"filter {{ {filters} }}")
    (folder / "app.log").write_text(f"{line}\n")
    here = Location("toolkit.yml")
    expected = LogExpectation(declared=here, pipeline=("app.conf",), samples=("app.log",))
    scope = Scope(Contract(declared=here, logs=(expected,)), str(folder), 0)
    query = events(expected, scope)["samples"]
    answer = gather([query], [FileSystem(folder)], lambda system: None, report_bug)[query]
    assert isinstance(answer, Answer)
    found = failures(answer.evidence, tags)
    return [each.tag or ("optional" if each.optional else "none") for each in found]


@pytest.mark.parametrize(
    ("filters", "line", "tag"),
    [
        (GROK + "}", "x", "_grokparsefailure"),
        (GROK + 'tag_on_failure => ["_mine"] }', "x", "_mine"),
        (GROK + 'tag_on_failure => ["a", "b"] remove_tag => ["c"] }', "x", "a"),
        (GROK + 'tag_on_failure => ["a", "b"] } mutate { remove_tag => ["a"] }', "x", "b"),
        (GROK + "tag_on_failure => [] }", "x", "none"),
        ('json { source => "message" tag_on_failure => ["_no_json"] }', "x", "_no_json"),
        ('json { source => "message" tag_on_failure => [] }', "x", "none"),
        ('json { source => "message" skip_on_invalid_json => true }', "x", "none"),
        ('json { source => "message" }', '{"@timestamp": "x"}', "_timestampparsefailure"),
        ('dissect { mapping => { "message" => "%{a} %{b}" } }', "x", "_dissectfailure"),
        (
            'dissect { mapping => { "message" => "%{a}" } convert_datatype => { "a" => "int" } }',
            "x",
            "_dataconversionuncoercible_a_int",
        ),
        (
            'dissect { mapping => ["message", "%{a}"] convert_datatype => { "b" => "float" } }',
            "x",
            "_dataconversionnullvalue_b_float",
        ),
        ('date { match => ["message", "ISO8601"] tag_on_failure => ["_time"] }', "x", "_time"),
        ('date { match => ["message", "ISO8601"] tag_on_failure => [] }', "x", "none"),
        ('csv { source => "message" }', 'a,"b', "_csvparsefailure"),
        ('kv { tag_on_failure => ["_pairs"] }', "[a=b", "_pairs"),
        ('kv { tag_on_failure => [] }', "[a=b", "none"),
        ('mutate { rename => { "message" => "[@timestamp]" } }', "x", "_mutate_error"),
        (
            'mutate { rename => { "message" => "[@timestamp]" } tag_on_failure => "_moved" }',
            "x",
            "_moved",
        ),
        ('split { field => "missing" }', "x", "_split_type_failure"),
        (
            'mutate { add_field => { "[log][syslog][priority]" => "999" } } syslog_pri { }',
            "x",
            "_syslogpriparsefailure",
        ),
        ('urldecode { field => "[message][x]" }', "x", "_urldecodefailure"),
        ('urldecode { field => "[message][x]" tag_on_failure => ["_url"] }', "x", "_url"),
        ('mutate { add_tag => ["_rubyexception"] }', "x", "_rubyexception"),
        # Another filter succeeds, but the tag stays.
        (GROK + 'tag_on_failure => ["_mine"] } ' + WORDS + "}", "x", "_mine"),
        # Another filter succeeds on another field.
        (HEAD + 'json { source => "rest" skip_on_invalid_json => true }', 'a {"b": ', "none"),
        (HEAD + 'date { match => ["rest", "ISO8601"] tag_on_failure => [] }', "a b", "none"),
        # An event that is dropped by a condition counts too.
        (GROK + "} if [missing] > 1 { }", "x", "_grokparsefailure"),
    ],
)  # fmt: skip
def test_a_line_that_is_not_parsed(tmp_path: Path, filters: str, line: str, tag: str) -> None:
    assert said(tmp_path, filters, line) == [tag]


JSON = 'json { source => "message" skip_on_invalid_json => true } '
FALLBACK = 'if "_grokparsefailure" in [tags] { ' + WORDS


@pytest.mark.parametrize(
    ("filters", "line"),
    [
        (GROK + "}", "status=1"),
        # A cascade of patterns, none of which leaves a tag.
        (GROK + "tag_on_failure => [] } " + WORDS + "tag_on_failure => [] }", "x"),
        (WORDS + "tag_on_failure => [] } " + GROK + "tag_on_failure => [] }", "x"),
        # Only JSON is read as JSON.
        (JSON + WORDS + "}", "x"),
        (
            'json { source => "message" target => "doc" skip_on_invalid_json => true } '
            "if ![doc] { " + WORDS + "} }",
            "x",
        ),
        (
            'mutate { copy => { "message" => "raw" } } '
            + JSON.replace("message", "raw") + WORDS + "}",
            "x",
        ),
        (
            JSON + 'mutate { rename => { "message" => "raw" } } '
            + 'grok { match => { "raw" => "x" } }',
            "x",
        ),
        # The tag is taken off where the line is read in another way.
        (GROK + "} " + FALLBACK + 'remove_tag => ["_grokparsefailure"] } }', "x"),
        (GROK + "} " + FALLBACK + '} mutate { remove_tag => ["_grokparsefailure"] } }', "x"),
        (GROK + "} " + 'mutate { remove_field => ["tags"] }', "x"),
        (GROK + '} if "_grokparsefailure" in [tags] { drop { } }', "x"),
        # Nothing is there to be read.
        ('json { source => "missing" } date { match => ["missing", "ISO8601"] }', "x"),
        ('kv { }', "no pairs"),
        ('csv { source => "message" skip_empty_rows => true }', ""),
        ('mutate { add_tag => ["_anything"] }', "x"),
    ],
)  # fmt: skip
def test_a_line_that_is_parsed(tmp_path: Path, filters: str, line: str) -> None:
    assert said(tmp_path, filters, line) == []


@pytest.mark.parametrize(
    ("filters", "line"),
    [
        (HEAD + 'grok { match => { "rest" => "^%{INT:n}$" } tag_on_failure => [] }', "a b"),
        (HEAD + 'dissect { mapping => { "rest" => "%{a}:%{b}" } tag_on_failure => [] }', "a b"),
        (HEAD + 'json { source => "rest" skip_on_invalid_json => true }', "a b"),
        (
            HEAD.replace("} } ", '} remove_field => ["message"] } ')
            + 'mutate { rename => { "rest" => "more" } } '
            + 'grok { match => { "more" => "^%{INT:n}$" } tag_on_failure => [] }',
            "a b",
        ),
    ],
)
def test_a_part_of_a_line_in_which_more_is_looked_for(
    tmp_path: Path, filters: str, line: str
) -> None:
    assert said(tmp_path, filters, line) == ["optional"]


def test_a_tag_that_is_set_by_hand_counts_where_it_is_named(tmp_path: Path) -> None:
    filters = 'mutate { add_tag => ["odd"] }'
    assert said(tmp_path, filters, "x") == []
    assert said(tmp_path, filters, "x", "odd") == ["odd"]

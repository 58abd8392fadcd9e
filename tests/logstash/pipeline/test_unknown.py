"""Events behind a filter that is not emulated are known but for what it may write."""

from __future__ import annotations

from typing import Any

import pytest

from toolkit.logstash.config import parse
from toolkit.logstash.event.codecs import from_json
from toolkit.logstash.event.values import Timestamp, to_json
from toolkit.logstash.filters import Context
from toolkit.logstash.pipeline.compiler import Outcome
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.source import Source
from toolkit.logstash.unknown import references

CONTEXT = Context(clock=lambda: 0, read_file=lambda name: b"", list_files=lambda name: [])
GEO = 'geoip { source => "[src][ip]" tag_on_failure => ["_no"] ecs_compatibility => disabled }'


def outcome(filters: str, event: dict[str, Any], **stand_ins: Any) -> Outcome:
    tree = parse([Source("a.conf", f"filter {{ {filters} }}")])
    pipeline = compile_pipeline(tree, CONTEXT, stand_ins=stand_ins)
    (found,) = pipeline.run(from_json(to_json(event), Timestamp(0)))
    return found


def behind(filters: str, **event: Any) -> tuple[dict[str, Any], list[str]]:
    """The known fields of the one event, but for those that all have, and the unknown ones."""
    found = outcome(filters, event)
    assert found.unsupported == ()
    (only,) = found.events
    fields = only.to_dict()
    return {k: v for k, v in fields.items() if k[0] != "@"}, references([only])


@pytest.mark.parametrize(
    ("filters", "known", "unknown"),
    [
        (GEO, {"a": "x"}, ["[geoip]", "[tags][_no]"]),
        # What reads it makes its own fields unknown, and no others.
        (
            GEO + 'mutate { add_field => { "b" => "%{[geoip][city]}" } }',
            {"a": "x"},
            ["[geoip]", "[tags][_no]", "[b]", "[tags][_mutate_error]"],
        ),
        (
            GEO + 'grok { match => { "[geoip][city]" => "%{WORD:b}" } }',
            {"a": "x"},
            ["[geoip]", "[tags][_no]", "[b]", "[tags][_grokparsefailure]", "[tags][_groktimeout]"],
        ),
        (GEO + 'mutate { add_field => { "b" => "%{a}" } }', {"a": "x", "b": "x"}, None),
        # What sets or removes it makes it known again.
        (
            GEO + 'mutate { replace => { "geoip" => "1" } }',
            {"a": "x", "geoip": "1"},
            ["[tags][_no]"],
        ),
        (GEO + 'mutate { remove_field => ["geoip"] }', {"a": "x"}, ["[tags][_no]"]),
        (GEO + 'mutate { remove_tag => ["_no"] }', {"a": "x"}, ["[geoip]"]),
        (GEO + 'mutate { add_tag => ["_no"] }', {"a": "x", "tags": ["_no"]}, ["[geoip]"]),
        # Conditions: on other fields, on other tags, and on what is not known.
        (
            GEO + 'if [a] == "x" { mutate { add_field => { "b" => 1 } } }',
            {"a": "x", "b": "1"},
            None,
        ),
        (GEO + 'if "other" in [tags] { drop { } }', {"a": "x"}, None),
        (
            GEO
            + 'if "_no" in [tags] { mutate { add_field => { "b" => 1 } remove_field => "a" } }',
            {},
            ["[geoip]", "[tags][_no]", "[b]", "[a]"],
        ),
        (
            GEO + 'if [geoip] { mutate { add_field => { "b" => 1 } } }'
            ' else if [a] == "y" { drop { } } else { mutate { add_field => { "b" => 1 } } }',
            {"a": "x", "b": "1"},
            None,
        ),
        (
            GEO + 'if [geoip] { mutate { add_tag => ["t", "u"] } }'
            ' else { mutate { add_tag => "u" } }',
            {"a": "x", "tags": ["u"]},
            ["[geoip]", "[tags][_no]", "[tags][t]"],
        ),
        # Ruby code that shows all it writes, and code that does not.
        (
            "ruby { code => \"event.set('b', event.get('a') + 'y')\" }",
            {"a": "x"},
            ["[b]", "[tags][_rubyexception]"],
        ),
        ('ruby { code => "event.set(name, 1)" }', {}, ["[*]", "[@metadata][*]"]),
        (
            'ruby { code => "event.set(name, 1)" } mutate { replace => { "a" => "z" } }',
            {"a": "z"},
            ["[*]", "[@metadata][*]"],
        ),
        ("ruby { code => \"event.get('a') << 'y'\" }", {}, ["[*]", "[@metadata][*]"]),
        # Common options are carried out on success only.
        ('sleep { time => 0 add_field => { "b" => 1 } }', {"a": "x"}, ["[b]"]),
        ('sleep { time => 0 remove_field => ["a"] }', {}, ["[a]"]),
    ],
)
def test_only_what_may_be_written_is_unknown(
    filters: str, known: dict[str, Any], unknown: list[str] | None
) -> None:
    assert behind(filters, a="x") == (known, unknown or ["[geoip]", "[tags][_no]"])


@pytest.mark.parametrize(
    "filters",
    [
        'ruby { code => "event.cancel" }',
        'ruby { path => "a.rb" }',
        GEO + "if [geoip] { drop { } }",
        GEO + 'split { field => "geoip" }',
        GEO + 'if [geoip][n] > 1 { mutate { add_tag => ["b"] } }',
        GEO + 'if [geoip] and [missing] > 1 { mutate { add_tag => ["b"] } }',
        GEO + 'if [geoip] { if [missing] > 1 { mutate { add_tag => ["b"] } } }',
        GEO + 'if [geoip] { date { match => ["a", "TAI64N"] } }',
    ],
)
def test_where_an_event_may_be_lost_nothing_is_known(filters: str) -> None:
    found = outcome(filters, {"a": "x"})
    assert found.unsupported != ()
    assert found.lost == ()


def test_a_condition_that_is_not_emulated_is_taken_both_ways() -> None:
    deep = "(" * 300 + "x" + ")" * 300
    known, unknown = behind(
        f'if [a] =~ /{deep}/ {{ mutate {{ add_field => {{ "b" => 1 }} }} }}'
        ' mutate { add_field => { "c" => 1 } }',
        a="x",
    )
    assert (known, unknown) == ({"a": "x", "c": "1"}, ["[b]"])


@pytest.mark.parametrize("name", ["geoip", "a.conf:1", "where"])
def test_a_stand_in_says_what_a_filter_sets(name: str) -> None:
    filters = 'geoip { id => "where" source => "[src][ip]" } if [geo][n] > 3 { drop { } }'
    found = outcome(filters, {"a": "x"}, **{name: {"[geo][n]": 3, "a": None}})
    (event,) = found.events
    assert (event.get("[geo][n]"), event.includes("a"), event.unknowns) == (3, False, ())

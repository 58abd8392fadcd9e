"""How values move through a configuration, as far as its text tells."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.config.parser import parse
from toolkit.logstash.filters import Context
from toolkit.logstash.flow.graph import ARRIVED, Flow, FlowStep, flow_of
from toolkit.logstash.source import Source

CONTEXT = Context(
    clock=lambda: 0,
    random=random.Random(0),
    read_file=lambda path: b"PAIR %{WORD:left}=%{WORD:[right][side]}\n",
    list_files=lambda glob: ["patterns/own"],
)


def flow(text: str, **stand_ins: dict[str, Any]) -> Flow:
    configuration = parse([Source("app.conf", text)], environment={})
    return flow_of(configuration, CONTEXT, stand_ins)


def filters(text: str) -> Flow:
    return flow(f"filter {{ {text} }}")


def said(steps: tuple[FlowStep, ...]) -> list[str]:
    return [
        each.action if each.text == each.action else f"{each.action} {each.text}" for each in steps
    ]


def origins(found: Flow, field: str) -> list[str]:
    return said(found.origins(tuple(field.split("."))))


def ways(step: FlowStep) -> list[list[str]]:
    """Every way from an event as it arrives to a step, by what is read and by whom."""
    here = said((step,))[0]
    before = [made for read in step.reads for made in read.made_by]
    if step is ARRIVED or not before:
        return [[] if step is ARRIVED else [here]]
    return [[*way, here] for made in before for way in ways(made)]


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ('grok { match => { "message" => "%{WORD:a}" } }', "a", ["grok %{WORD:a}"]),
        ('grok { match => ["message", "%{INT:[a][b]:int}"] }', "a.b", ["grok %{INT:[a][b]:int}"]),
        ('grok { match => { "message" => "(?<a>x)" } }', "a", ["grok (?<a>…)"]),
        (
            'grok { match => { "message" => ["x%{WORD:a}", "%{WORD:a}"] } }',
            "a",
            ["grok %{WORD:a}", "grok %{WORD:a}"],
        ),
        (
            'grok { patterns_dir => ["own"] match => { "message" => "%{PAIR}" } }',
            "right.side",
            ["grok %{WORD:[right][side]} in %{PAIR}"],
        ),
        (
            'grok { match => { "message" => "%{COMMONAPACHELOG}" } }',
            "http.response.status_code",
            ["grok %{INT:[http][response][status_code]:int} in %{COMMONAPACHELOG}"],
        ),
        (
            'grok { pattern_definitions => { "P" => "%{INT:n}" } match => { "m" => "%{P:all}" } }',
            "all",
            ["grok %{P:all}"],
        ),
        (
            'grok { target => "t" match => { "message" => "%{WORD:a}" } }',
            "t.a",
            ["grok %{WORD:a}"],
        ),
        (
            'grok { named_captures_only => false match => { "message" => "%{WORD}" } }',
            "WORD",
            ["grok %{WORD}"],
        ),
        ('dissect { mapping => { "message" => "%{a} %{+a} %{?b}" } }', "a", ["dissect %{a}"]),
        ('mutate { rename => { "a" => "b" } }', "b", ["mutate rename a => b"]),
        ('mutate { copy => { "a" => "b" } }', "b", ["mutate copy a => b"]),
        ('mutate { replace => { "a" => "%{b}!" } }', "a", ["mutate replace a => %{b}!"]),
        ('mutate { convert => { "a" => "float" } }', "a", ["mutate convert a => float"]),
        ('mutate { gsub => ["a", "x", "y", "b", "x", "y"] }', "b", ["mutate gsub b"]),
        ('mutate { lowercase => ["a"] }', "a", ["mutate lowercase a"]),
        ('mutate { add_field => { "a" => "x" } }', "a", ["mutate add_field a => x"]),
        ('date { match => ["t", "ISO8601"] }', "@timestamp", ["date ISO8601"]),
        ('date { match => ["t", "UNIX"] target => "u" }', "u", ["date UNIX"]),
        ('json { source => "message" target => "doc" }', "doc.a.b", ["json"]),
        ('json { source => "message" }', "anything", ["json"]),
        ('kv { include_keys => ["a"] prefix => "p_" }', "p_a", ['kv "a"']),
        ('csv { columns => ["a", "b"] }', "b", ['csv "b"']),
        ('translate { source => "a" target => "b" }', "b", ["translate"]),
        ('geoip { source => "[client][ip]" }', "client.geo.city_name", ["geoip"]),
        ('geoip { source => "ip" target => "geo" }', "geo", ["geoip"]),
        ('useragent { source => "agent" }', "user_agent.name", ["useragent"]),
        ('urldecode { field => "a" }', "a", ["urldecode"]),
        ('elsewhere { target => "b" }', "b", ["elsewhere"]),
        ("drop { }", "a", []),
    ],
)
def test_what_gives_a_field_its_value(text: str, field: str, expected: list[str]) -> None:
    assert origins(filters(text), field) == expected


WORD = 'grok { match => { "message" => "%{WORD:a}" } }'
GROK = 'grok { match => { "message" => "%{WORD:a} %{WORD:b}" } } '


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        (
            GROK + 'mutate { rename => { "a" => "c" } convert => { "c" => "integer" } }',
            "c",
            [["grok %{WORD:a}", "mutate rename a => c", "mutate convert c => integer"]],
        ),
        (
            GROK + 'mutate { replace => { "c" => "%{a}/%{b}" } }',
            "c",
            [
                ["grok %{WORD:a}", "mutate replace c => %{a}/%{b}"],
                ["grok %{WORD:b}", "mutate replace c => %{a}/%{b}"],
            ],
        ),
        (
            'grok { match => { "message" => "%{WORD:message} %{WORD:a}" } }',
            "a",
            [["grok %{WORD:a}"]],
        ),
        (
            'grok { match => { "message" => "%{DATA:message}" } } ' + WORD,
            "a",
            [["grok %{DATA:message}", "grok %{WORD:a}"]],
        ),
        (
            'dissect { mapping => { "message" => "%{n}" } convert_datatype => { "n" => "int" } }',
            "n",
            [["dissect %{n}", "dissect convert_datatype n => int"]],
        ),
        (
            'mutate { copy => { "a" => "b" } rename => { "x" => "a" } }',
            "b",
            [["mutate rename x => a", "mutate copy a => b"]],
        ),
    ],
)
def test_the_way_a_value_takes(text: str, field: str, expected: list[list[str]]) -> None:
    [step] = filters(text).origins((field,))
    assert ways(step) == expected


def test_either_arm_of_a_branch_may_have_made_a_field() -> None:
    found = filters(
        'if [kind] == "a" { mutate { add_field => { "x" => "1" } } } '
        'else if [other] { mutate { add_field => { "x" => "2" } } } '
        'else { mutate { add_field => { "x" => "3" } } }'
    )
    steps = found.origins(("x",))
    assert said(steps) == [f"mutate add_field x => {n}" for n in (1, 2, 3)]
    conditions = [said(each.under) for each in steps]
    assert conditions == [['if [kind] == "a"'], ["else if [other]"], ["else if [other]"]]
    assert said(steps[1].under[0].under) == ['if [kind] == "a"']


def test_an_arm_of_a_branch_sees_nothing_of_the_others() -> None:
    found = filters(
        'if [kind] { mutate { lowercase => "a" } } else { mutate { copy => { "a" => "b" } } } '
    )
    [copy] = found.origins(("b",))
    assert [read.made_by for read in copy.reads] == [(ARRIVED,)]


def test_a_field_that_is_taken_out_is_remembered_with_what_made_it() -> None:
    found = filters(GROK + 'mutate { remove_field => ["a"] }')
    assert ("a",) not in found.fields
    assert said(found.removed["a",]) == ["grok %{WORD:a}"]
    assert origins(found, "a") == ["grok %{WORD:a}"]


def test_what_is_taken_out_in_one_arm_only_may_still_be_there() -> None:
    found = filters(GROK + 'if [b] { mutate { remove_field => ["a"] } }')
    assert origins(found, "a") == ["grok %{WORD:a}"]
    assert ("a",) in found.fields


def test_a_filter_of_which_nothing_is_known_says_so() -> None:
    found = filters('ruby { code => "event.set(1)" }')
    assert [each.known for each in found.steps] == [False, True]
    assert said(found.steps) == ["ruby", "ruby tag_on_failure _rubyexception"]
    assert origins(found, "anything") == ["ruby"]


TAGGED = 'if "_grokparsefailure" in [tags] { mutate { add_tag => ["x"] } }'


def test_a_decision_by_tags_is_one_by_what_failed() -> None:
    found = filters(WORD + TAGGED)
    [condition] = [each for each in found.steps if each.action == "if"]
    assert ways(condition) == [
        ["grok tag_on_failure _grokparsefailure", 'if "_grokparsefailure" in [tags]']
    ]
    assert said(found.fields["tags",]) == [
        "grok tag_on_failure _grokparsefailure",
        "grok tag_on_failure _groktimeout",
        "mutate tag_on_failure _mutate_error",
        "mutate add_tag x",
    ]


def test_what_fails_is_read_by_nobody_where_tags_decide_nothing() -> None:
    steps = filters(WORD).origins(("tags",))
    assert [each.reads for each in steps] == [(), ()]


def test_a_filter_can_be_told_to_set_no_tag() -> None:
    text = 'grok { match => { "message" => "%{WORD:a}" } tag_on_failure => [] } '
    found = filters(text + TAGGED)
    assert "grok tag_on_failure _grokparsefailure" not in origins(found, "tags")
    [condition] = [each for each in found.steps if each.action == "if"]
    assert ways(condition) == [['if "_grokparsefailure" in [tags]']]


def test_a_stand_in_says_what_a_filter_sets() -> None:
    found = flow('filter { ruby { id => "r" code => "x" } }', r={"ms": 1})
    assert origins(found, "ms") == ["ruby"]
    assert all(each.known for each in found.steps)
    assert origins(found, "other") == []


def test_inputs_add_fields_and_outputs_read_them() -> None:
    found = flow(
        'input { beats { port => 1 add_field => { "app" => "shop" } } } '
        'output { if [app] { elasticsearch { index => "%{app}-%{+yyyy}" } } }'
    )
    assert origins(found, "app") == ["beats add_field app => shop"]
    readers = [each for each in found.steps if any(r.field == ("app",) for r in each.reads)]
    assert said(tuple(readers)) == ["if [app]", 'output elasticsearch "%{app}-%{+yyyy}"']


def test_without_its_patterns_an_expression_is_read_as_it_stands() -> None:
    configuration = parse(
        [Source("app.conf", 'filter { grok { match => { "message" => "%{OWN:x} %{PAIR}" } } }')],
        environment={},
    )
    assert set(flow_of(configuration).fields) == {("x",), ("tags",)}


NAMES = st.sampled_from(["a", "b", "[c][d]", "message"])
FILTERS = st.one_of(
    st.builds('grok {{ match => {{ "{}" => "%{{WORD:{}}}" }} }}'.format, NAMES, NAMES),
    st.builds('mutate {{ rename => {{ "{}" => "{}" }} }}'.format, NAMES, NAMES),
    st.builds('mutate {{ convert => {{ "{}" => "integer" }} }}'.format, NAMES),
    st.builds('mutate {{ remove_field => ["{}"] }}'.format, NAMES),
    st.builds('json {{ source => "{}" }}'.format, NAMES),
)
BODIES = st.recursive(
    FILTERS,
    lambda inner: st.builds(
        "if [{}] {{ {} }} else {{ {} }}".format, st.sampled_from("ab"), inner, inner
    ),
)


@given(st.lists(BODIES, max_size=8))
def test_a_step_reads_only_what_comes_before_it(body: list[str]) -> None:
    """So nothing goes in circles, whatever filters there are."""
    found = filters(" ".join(body))
    number = {step: index for index, step in enumerate(found.steps)}
    for step in found.steps:
        made = [each for read in step.reads for each in read.made_by if each is not ARRIVED]
        assert all(number[each] < number[step] for each in (*made, *step.under))
    for steps in (*found.fields.values(), *found.removed.values()):
        assert set(steps) <= set(found.steps)

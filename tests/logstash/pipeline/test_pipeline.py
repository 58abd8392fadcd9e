"""Pipelines are compiled with all their faults, and run as Logstash runs them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from toolkit.errors import PipelineError
from toolkit.logstash.config import nodes, parse
from toolkit.logstash.event.codecs import from_line
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.values import Timestamp
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied
from toolkit.logstash.options import OptionError, OptionFault, Strings
from toolkit.logstash.pipeline.compiler import BATCH_SIZE, Outcome, Pipeline
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline
from toolkit.logstash.pipeline.steps import PipelineCrash
from toolkit.logstash.source import Source
from toolkit.logstash.unknown import references

UNCLOSED = "end pattern with unmatched parenthesis"


@dataclass(frozen=True, kw_only=True)
class Twice(Filter):
    """Yields a decorated event and a marked copy; dies of ``die``."""

    plugin: ClassVar[str] = "twice"
    emulates: ClassVar[str] = "0"
    unsupported: ClassVar[frozenset[str]] = frozenset({"later"})

    words: Strings = ()
    later: str | None = None

    def register(self, context: Context) -> Apply:
        faults = [
            OptionFault("bad word", "words", "why", "fix", path=(index,), start=1, end=3)
            for index, word in enumerate(self.words)
            if word == "bad"
        ]
        if faults:
            raise OptionError(*faults)

        def apply(event: Event) -> Iterable[Event]:
            if event.get("message") == "die":
                raise PipelineDied("died")
            twin = event.clone()
            twin.set("copy", True)
            self.decorate(event)
            yield event
            yield twin

        return apply


def pipeline(text: str, **files: str) -> Pipeline:
    sources = [Source("a.conf", text), *(Source(name, more) for name, more in files.items())]
    context = Context(clock=lambda: 0, read_file=lambda name: b"", list_files=lambda name: [])
    return compile_pipeline(parse(sources), context, filters={"twice": Twice})


def run(text: str, *lines: str, **hooks: Any) -> list[Outcome]:
    events = [event for line in lines for event in from_line(line, Timestamp(0))]
    return list(pipeline(text).run(events, **hooks))


def shown(outcome: Outcome) -> list[Any]:
    return [event.get("tags") for event in outcome.events]


def tag(name: str) -> str:
    return f'mutate {{ add_tag => "{name}" }}'


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(PipelineError) as caught:
        pipeline(text)
    return [(str(finding.where), finding.what) for finding in caught.value.findings]


def test_the_first_arm_that_holds_takes_the_event() -> None:
    text = (
        f'filter {{ if [message] == "a" {{ {tag("a")} }} else if [message] {{ {tag("any")} }}'
        f" else {{ {tag('none')} }} {tag('end')} }}"
    )
    assert [shown(outcome) for outcome in run(text, "a", "b", "")] == [
        [["a", "end"]],
        [["any", "end"]],
        [["none", "end"]],
    ]


def test_behind_a_branch_come_the_events_of_its_first_arm_first() -> None:
    text = f"filter {{ twice {{ }} if [copy] {{ {tag('copy')} }} twice {{ }} }}"
    (outcome,) = run(text, "x")
    assert shown(outcome) == [["copy"], ["copy"], None, None]


@pytest.mark.parametrize(
    ("options", "field", "value"),
    [
        (
            'convert => { "message" => "integer" } convert => { "message" => "integer" }',
            "message",
            1,
        ),
        ('rename => { "message" => "x" } rename => { "message" => "x" }', "x", "1"),
        ('add_field => { "n" => "p" } add_field => { "n" => "p" }', "n", "p"),
        (
            'add_field => { "n" => "p" } add_field => { "n" => "q" } add_field => { "n" => "p" }',
            "n",
            ["p", "q"],
        ),
        ('update => { "message" => "u" } update => { "message" => "u" }', "message", "u"),
        ('copy => { "message" => "x" } copy => { "message" => "x" }', "x", "1"),
        ('merge => { "x" => "message" } merge => { "x" => "message" }', "x", ["1"]),
    ],
)  # fmt: skip
def test_an_option_that_is_given_twice_says_the_same_once(
    options: str, field: str, value: Any
) -> None:
    (outcome,) = run(f"filter {{ mutate {{ {options} }} }}", "1")
    assert [event.get(field) for event in outcome.events] == [value]


def test_a_dropped_event_leaves_the_others_their_numbers() -> None:
    outcomes = run('filter { if [message] == "b" { drop { } } }', "a", "b", "c")
    assert [(each.index, len(each.events)) for each in outcomes] == [(0, 1), (1, 0), (2, 1)]


def test_an_impossible_comparison_costs_the_event_and_says_so() -> None:
    (outcome,) = run("filter {\n  if [status] >= 400 { }\n}", "x")
    assert outcome.events == ()
    (lost,) = outcome.lost
    assert str(lost.finding.where) == "a.conf:2:6"
    assert lost.finding.where.width == len("[status] >= 400")
    assert lost.event.get("message") == "x"


def test_a_crash_takes_its_whole_batch_and_spares_the_one_before() -> None:
    lines = ["x"] * BATCH_SIZE + ["y", "die", "z"]
    outcomes = pipeline("filter { twice { } }").run(
        event for line in lines for event in from_line(line, Timestamp(0))
    )
    assert [next(outcomes).index for _ in range(BATCH_SIZE)] == list(range(BATCH_SIZE))
    with pytest.raises(PipelineCrash) as caught:
        next(outcomes)
    assert str(caught.value.finding.where) == "a.conf:1:10"
    assert caught.value.event.get("message") == "die"


def test_a_condition_can_kill_too() -> None:
    text = 'filter { mutate { add_field => ["g", "a", "g", "b"] } if [f] in [g] { } }'
    with pytest.raises(PipelineCrash) as caught:
        run(text, "x")
    where = caught.value.finding.where
    assert (where.column, where.width) == (text.index("[f]") + 1, len("[f] in [g]"))


def test_a_field_that_cannot_be_set_kills_too() -> None:
    with pytest.raises(PipelineCrash):
        run('filter { twice { add_field => { "[message][x]" => "y" } } }', "x")


def test_what_is_not_emulated_is_passed_and_listed() -> None:
    text = (
        'filter { if [message] == "r" { ruby { code => "" } }'
        ' if [message] == "l" { twice { later => "x" } } }'
    )
    assert [finding.what for finding in pipeline(text).unsupported] == [
        "the filter `ruby` is not emulated",
        "option `later` of `twice` is not emulated",
    ]
    outcomes = run(text, "x", "r", "l")
    assert [references(each.events) for each in outcomes[:2]] == [[], ["[tags][_rubyexception]"]]
    assert [len(each.unsupported) for each in outcomes] == [0, 0, 1]


def test_every_fault_of_a_configuration_is_reported_with_its_place() -> None:
    text = """input { stdout { } }
filter {
  frobnicate { }
  if [a] =~ /(/ { mutate { ad_field => { } } }
  twice { words => ["good", "bad"] words => "bad" }
  mutate { convert => "integer" }
}
output { stdout { codec => jsn } }"""
    assert faults(text) == [
        ("a.conf:1:9", "there is no input plugin `stdout`, it is of the kind output"),
        ("a.conf:3:3", "there is no filter plugin `frobnicate`"),
        ("a.conf:4:14", f"the expression `(` is not one of Ruby's: {UNCLOSED}"),
        ("a.conf:4:28", "`mutate` has no option `ad_field`"),
        ("a.conf:5:31", "bad word"),
        ("a.conf:5:47", "bad word"),
        ("a.conf:6:23", "the value of `convert` is not a hash"),
        ("a.conf:8:28", "there is no codec plugin `jsn`"),
    ]


def test_an_empty_configuration_is_no_pipeline() -> None:
    assert faults("# nothing") == [("a.conf:1:1", "the configuration has no section")]


def test_faults_are_placed_in_their_files() -> None:
    with pytest.raises(PipelineError) as caught:
        pipeline("filter { }", **{"b.conf": "\nfilter { x { } }"})
    assert str(caught.value.finding.where) == "b.conf:2:10"


def test_an_observer_sees_each_step() -> None:
    seen: list[tuple[Any, ...]] = []

    class Watch:
        def plugin(self, plugin: nodes.Plugin, before: Event, after: Sequence[Event]) -> None:
            seen.append((plugin.name, before.get("tags"), [event.get("tags") for event in after]))

        def branch(self, branch: nodes.Branch, arm: int | None, event: Event) -> None:
            seen.append(("branch", arm))

    text = f"filter {{ {tag('t')} if [no] {{ drop {{ }} }} if [message] {{ drop {{ }} }} }}"
    run(text, "x", observer=Watch())
    assert seen == [
        ("mutate", None, [["t"]]),
        ("branch", None),
        ("branch", 0),
        ("drop", ["t"], []),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('filter { mutate { gsub => [ "message", "^(a|aa)+$", "Z" ] } }', "`gsub`"),
        ("filter { if [message] =~ /^(a|aa)+$/ { drop { } } }", "a condition"),
    ],
)
def test_an_expression_that_explodes_is_given_up_and_named(text: str, where: str) -> None:
    bad, good = run(text, "a" * 40 + "b", "ok")
    (finding,) = bad.unsupported
    assert finding.what == f"the expression `^(a|aa)+$` of {where} was given up on an event"
    assert [each.get("message") for each in bad.events] == ["a" * 40 + "b"]
    assert [each.get("message") for each in good.events] == ["ok"]

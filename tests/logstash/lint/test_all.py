"""What a configuration may say, and hardly means."""

from __future__ import annotations

import pytest

from tests.logstash.config import fits, parsed
from toolkit.findings import Severity
from toolkit.logstash.config.faults import FaultTexts
from toolkit.logstash.event.event import Event
from toolkit.logstash.filters import Context
from toolkit.logstash.lint.all import lint
from toolkit.logstash.lint.redos import explosion_faults
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline

CONTEXT = Context(clock=lambda: 0, read_file=lambda name: b"", list_files=lambda name: [])

ROWS = {
    **FaultTexts("toolkit.logstash.lint").rows,
    "outdated-option": FaultTexts("toolkit.logstash.config").rows["outdated-option"],
}
GROK = r"""grok { match => { "message" => "%{WORD:word} %{INT:number:int} %{INT:digits}" } }"""


def remarks(text: str) -> list[str]:
    return [each.finding.what for each in lint(parsed(f"filter {{ {text} }}"))]


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_example_of_a_remark_leads_to_it(name: str) -> None:
    row = ROWS[name]
    found = [each.finding for each in lint(parsed(row["example"]))]
    assert any(fits(each.what, row["what"]) and fits(each.fix, row["fix"]) for each in found)


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ('[a] in ["b"]', '`["b"]` is read as the name of a field, so that the condition never'),
        (
            '[a] not in ["b"]',
            '`["b"]` is read as the name of a field, so that the condition always',
        ),
        ('"a" in ["a", "b"]', "this condition does not depend on the event"),
        ('"a" == "a"', "this condition does not depend on the event"),
        ('"a" =~ /a/', "this condition does not depend on the event"),
        ("5", "this condition does not depend on the event"),
        ('[@timestamp] > "2026-01-01"', "`[@timestamp]` is no string or number, so that the"),
        ('[@timestamp] =~ "2026"', "`[@timestamp]` is no text, so that `=~` never holds"),
        ('[a] == "%{b}"', "`%{b}` is compared as it is written"),
        ('[a] =~ "%{b}"', "`%{b}` is compared as it is written"),
        ("[a] >= 400", "an event without `[a]` is dropped by this comparison"),
        ("400 < [a]", "an event without `[a]` is dropped by this comparison"),
        ("[a] and [a] > [b]", "an event without `[b]` is dropped by this comparison"),
        ("[a] or [a] > 1", "an event without `[a]` is dropped by this comparison"),
        ("!([a] > 1)", "an event without `[a]` is dropped by this comparison"),
        ("[a] and [b] and [c] or [d]", "`a and b and c or d` is read as `a and (b and c or d)`"),
    ],
)
def test_conditions_that_mean_something_else(condition: str, what: str) -> None:
    (remark,) = remarks(f"if {condition} {{ }}")
    assert remark.startswith(what)


@pytest.mark.parametrize(
    "text",
    [
        'if [a] in ["b", "c"] { } if "a" in [b] { } if [a] in [b] { } if [a] in "abc" { }',
        "if [a] and [a] > 1 { } if ![a] or [a] > 1 { } if !(![a]) and [a] > 1 { }",
        "if [a] { if [a] > 1 { } } if ![a] { } else if [a] > 1 { }",
        'if [a] == "x" and [a] > "a" { } if [a] =~ /x/ and [a] > "a" { }',
        "if [a] and ([b] and [c] or [d]) { } if [a] and [b] or [c] { } if [a] or [b] and [c] { }",
        'if [a] == "50 %" { } if [@timestamp] { }',
    ],
)
def test_conditions_that_are_right(text: str) -> None:
    assert remarks(text) == []


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("[digits] == 5", "`[digits]` holds text, so that the comparison with a number never"),
        ("[digits] != 5", "`[digits]` holds text, so that the comparison with a number alw"),
        ("[digits] > 5", "`[digits]` holds text, so that the comparison with a number drops"),
        ('[number] == "5"', "`[number]` holds a number, so that the comparison with a string"),
        ("[number] =~ /5/", "`[number]` is no text, so that `=~` never holds"),
        ("[number] > 5", "an event without `[number]` is dropped by this comparison"),
        ("[nunber] == 5", "`[nunber]` is read, and no filter writes it; `[number]` is written"),
        ("[elsewhere] == 5", "`[elsewhere]` is read, and no filter writes it"),
    ],
)  # fmt: skip
def test_fields_that_a_pattern_captures(condition: str, what: str) -> None:
    (remark,) = remarks(f"{GROK} if {condition} {{ }}")
    assert remark.startswith(what)


@pytest.mark.parametrize(
    "text",
    [
        'if [number] == 5 { } if [digits] == "5" { } if [word] =~ /x/ { }',
        'if "_grokparsefailure" not in [tags] { if [number] > 5 { } else if [number] > 4 { } }',
        'if "_grokparsefailure" in [tags] { } else if [number] > 5 { }',
        'mutate { convert => { "digits" => "integer" } } if [digits] == 5 { }',
        'mutate { add_field => { "new" => "%{word} %{+yyyy} %{[@metadata][x]}" } } if [new] { }',
        "kv { } if [anything] { } if [digits] == 5 { }",
    ],
)
def test_fields_that_are_used_rightly(text: str) -> None:
    assert remarks(f"{GROK} {text}") == []


def test_an_order_that_is_not_the_written_one() -> None:
    first, *_ = remarks('grok { match => { "message" => "%{WORD:a}" "other" => "%{WORD:b}" } }')
    assert (
        first
        == "grok tries its fields in the order `other`, `message`, and stops at the first match"
    )
    (second,) = remarks('mutate { rename => { "message" => "other" "other" => "third" } }')
    assert second.startswith("`other` runs before `message` in this `rename`")
    (third,) = remarks('mutate { add_field => { "message" => "x" "other" => "%{message}" } }')
    assert third.startswith("`other` runs before `message` in this `add_field`")


@pytest.mark.parametrize(
    "text",
    [
        'grok { match => { "other" => "%{WORD:a}" "message" => "%{WORD:b}" } }',
        'grok { break_on_match => false match => { "message" => "%{INT}" "other" => "%{INT}" } }',
        'mutate { rename => { "other" => "third" "message" => "other" } }',
        'mutate { rename => { "message" => "a" "other" => "b" } }',
    ],
)
def test_an_order_that_does_not_matter(text: str) -> None:
    assert [each for each in remarks(text) if "order" in each or "before" in each] == []


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ('useragent { source => "agent_string" }', ["`useragent` reads `agent_string`"]),
        ('geoip { source => "[source][ip]" target => "g" }', ["`geoip` reads `[source][ip]`"]),
        ('date { match => ["ts", "ISO8601"] }', ["`date` reads `ts`"]),
        (
            'date { match => ["digit", "UNIX"] }',
            ["`digit` is read, and no filter writes it; `[digits]`"],
        ),
        ('useragent { source => "word" target => "word_made" }', []),
        ('useragent { source => "message" } urldecode { field => "[host][name]" }', []),
        ('mutate { rename => { "offset" => "o" } convert => { "bytes" => "integer" } }', []),
        ('json { source => "message" } useragent { source => "any" }', []),
    ],
)
def test_filters_that_have_nothing_to_read(filters: str, said: list[str]) -> None:
    found = remarks(f"{GROK} {filters}")
    assert [each[: len(start)] for each, start in zip(found, said, strict=True)] == said


def test_a_remark_says_where_and_how_much_it_matters() -> None:
    tree = parsed(
        f'filter {{ {GROK}\n if [nunber] == 5 {{ }}\n mutate {{ add_tag => "%{{gone}}" }} }}'
    )
    first, second = lint(tree)
    assert (str(first.finding.where), first.severity) == ("pipeline.conf:2:5", Severity.WARNING)
    assert (str(second.finding.where), second.severity) == ("pipeline.conf:3:23", Severity.INFO)
    assert first.finding.fix == "did you mean `[number]`?"


TWICE = "`a` is captured twice by this expression"
ITSELF = "`message` is captured, and holds the text that is matched"


@pytest.mark.parametrize(
    ("expression", "options", "what"),
    [
        ("%{WORD:a} %{WORD:a}", "", [TWICE]),
        ("%{WORD:a} (?<a>x)", "", [TWICE]),
        ("(?:%{WORD:a} %{INT:a:int})?", "", [TWICE]),
        ("(?:%{WORD:a}|x) %{WORD:a}", "", [TWICE]),
        ("%{WORD:a}|%{INT:a}", "", []),
        ("(?:%{IP:a}|%{HOSTNAME:a}) %{WORD:b}", "", []),
        ("%{WORD:a} %{WORD:a}", 'overwrite => "a"', []),
        ("%{WORD} %{GREEDYDATA:message}", "", [ITSELF]),
        ("%{WORD} %{GREEDYDATA:[message]}", "", [ITSELF.replace("message", "[message]")]),
        ("%{WORD} %{GREEDYDATA:message}", 'overwrite => ["message"]', []),
        ("%{WORD} %{GREEDYDATA:message}", "target => t1", []),
    ],
)
def test_captures_that_end_in_an_array(expression: str, options: str, what: list[str]) -> None:
    text = f'grok {{ match => {{ "message" => ["{expression}"] }} {options} }}'
    assert remarks(text) == what


def test_a_capture_is_shown_where_it_comes_again() -> None:
    text = 'filter { grok { match => { "message" => "%{WORD:a} %{WORD:a}" } } }'
    (remark,) = lint(parsed(text))
    assert (remark.finding.where.column, remark.finding.where.width) == (52, 9)
    assert remark.finding.marks[0].where.column == 42


PATTERNS = r"""
grok {
  match => { "message" => [
    "^%{COMBINEDAPACHELOG}$", "^%{DATA:a} (%{WORD:w} ?)+:$", "^%{IP:ip} (?:%{NOTSPACE} ?)+ end$",
    "^%{OWN:own}$"
  ] }
  pattern_definitions => { "OWN" => "<(?i:a|A+)+>" }
}
if [a] =~ /^(?:\w+ ?)+$/ { }
if [a] =~ "^(x|x)+$" and [b] !~ /ab+c/ { }
mutate { gsub => ["a", "(b+)+", ""] }
"""


def test_patterns_that_explode_are_shown_where_they_are_written() -> None:
    configuration = parsed(f"filter {{ {PATTERNS} }}")
    text = configuration.sources.text
    found = explosion_faults(configuration, CONTEXT)
    assert [(text[slice(*each.span)], each.what.split("`")[1], each.kind) for each in found] == [
        ("(?:%{NOTSPACE} ?)+", "(?:%{NOTSPACE} ?)+", "catastrophic-pattern"),
        ("%{OWN:own}", "(?i:a|A+)+", "catastrophic-pattern"),
        (r"(?:\w+ ?)+", r"(?:\w+ ?)+", "endless-pattern"),
        ("(x|x)+", "(x|x)+", "endless-pattern"),
    ]


def test_patterns_that_explode_are_warned_of_where_pattern_files_can_be_read() -> None:
    configuration = parsed("filter { if [a] =~ /^(x|x)+$/ { } }")
    assert lint(configuration) == ()
    (remark,) = lint(configuration, CONTEXT)
    assert remark.severity is Severity.WARNING
    assert (
        remark.finding.fix == "write `(?>(x|x)+)`, which tries no other way once it has matched."
    )


@pytest.mark.parametrize(
    ("condition", "line", "kind"),
    [
        ("[n] == 500", "500", "integer"),
        ("[n] != 500", "501", "integer"),
        ("[n] > 5", "5.5", "float"),
        ("[w] > 5", "6", "integer"),
        ("[w] > 5.5", "6", "float"),
    ],
)
def test_the_proposed_conversion_makes_a_comparison_hold(
    condition: str, line: str, kind: str
) -> None:
    grok = 'grok { match => { "message" => ["^%{INT:w}$", "%{NUMBER:n}"] } }'
    grok = grok if "[w]" in condition else 'grok { match => { "message" => "%{NUMBER:n}" } }'
    branch = f'if {condition} {{ mutate {{ add_tag => ["held"] }} }}'
    (remark,) = lint(parsed(f"filter {{ {grok} {branch} }}"))
    convert = remark.finding.fix.partition("`")[2].rstrip("`.")
    assert f'=> "{kind}"' in convert
    mended = parsed(f"filter {{ {grok} mutate {{ {convert} }} {branch} }}")
    (outcome,) = compile_pipeline(mended, CONTEXT).run([Event({"message": line})])
    assert outcome.events[0].get("tags") == ["held"]

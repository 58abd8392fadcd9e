"""The tree says what the text says, and where."""

from __future__ import annotations

import pytest

from tests.logstash.config import parsed
from toolkit.errors import PipelineError
from toolkit.logstash.config import parse, render
from toolkit.logstash.config.nodes import (
    Array,
    Attribute,
    Bareword,
    BooleanExpression,
    Branch,
    ComparisonExpression,
    Condition,
    Hash,
    HashEntry,
    NegativeExpression,
    NotInExpression,
    Number,
    Plugin,
    Regexp,
    RegexpExpression,
    Selector,
    String,
    Value,
    walk,
)
from toolkit.logstash.source import Source


def condition(text: str) -> Condition:
    (branch,) = parsed(f"filter {{ if {text} {{ }} }}").statements("filter")
    assert isinstance(branch, Branch)
    asked = branch.entries[0].condition
    assert asked is not None
    return asked


def value(text: str) -> Value:
    (plugin,) = parsed(f"filter {{ mutate {{ x => {text} }} }}").statements("filter")
    assert isinstance(plugin, Plugin)
    return plugin.attributes[0].value


def text_of(raw: str) -> String:
    return String(raw, value=raw)


def entry_of(key: str, number: int) -> HashEntry:
    return HashEntry(text_of(key), Number(str(number), number))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", Number("12", 12)),
        ("-1.50", Number("-1.50", -1.5)),
        ("010", Number("010", 8)),
        ("word_1", Bareword("word_1")),
        ('"a\\tb"', text_of("a\\tb")),
        ('"a\\"b"', text_of('a\\"b')),
        ("'a\"b'", String('a"b', "'", 'a"b')),
        ("[]", Array(())),
        ('["a", [1]]', Array((text_of("a"), Array((Number("1", 1),))))),
        ("{ 1 => ab }", Hash((HashEntry(Number("1", 1), Bareword("ab")),))),
        ('{"a"=>1b2=>cd}', Hash((entry_of("a", 1), HashEntry(Bareword("b2"), Bareword("cd"))))),
        ("json { a => bc }", Plugin("json", (Attribute("a", Bareword("bc")),))),
    ],
)  # fmt: skip
def test_values(text: str, expected: Value) -> None:
    assert value(text) == expected


A, B, C, D = (Selector(f"[{name}]") for name in "abcd")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]", A),
        ("![a]", NegativeExpression(A)),
        ("!([a])", NegativeExpression(A)),
        ('[a]=="x"', ComparisonExpression("==", A, text_of("x"))),
        ("5 <= [a][b]", ComparisonExpression("<=", Number("5", 5), Selector("[a][b]"))),
        ("[a] =~ /x\\/y/", RegexpExpression("=~", A, Regexp("x\\/y"))),
        ('[a] !~ "x"', RegexpExpression("!~", A, text_of("x"))),
        ('[a] not in ["x","y"]', NotInExpression(A, Array((text_of("x"), text_of("y"))))),
        ('[a] not in ["x"]', NotInExpression(A, Selector('["x"]'))),
        ("[a] or [b] and [c]", BooleanExpression("or", A, BooleanExpression("and", B, C))),
        ("[a] and [b] or [c]", BooleanExpression("or", BooleanExpression("and", A, B), C)),
        ("([a] or [b])and[c]", BooleanExpression("and", BooleanExpression("or", A, B), C)),
        ("[a] xor [b]", BooleanExpression("xor", A, B)),
    ],
)
def test_conditions(text: str, expected: Condition) -> None:
    assert condition(text) == expected


def test_the_shunting_yard_takes_one_operator_off_only() -> None:
    b_and_c_or_d = BooleanExpression("or", BooleanExpression("and", B, C), D)
    assert condition("[a] and [b] and [c] or [d]") == BooleanExpression("and", A, b_and_c_or_d)


def test_branches_in_all_spellings() -> None:
    text = "filter { if [a] { } else if [b] { drop { } } elseif [c] { } else#\n{ } ifx { } }"
    branch, plugin = parsed(text).statements("filter")
    assert isinstance(branch, Branch)
    assert [entry.keyword for entry in branch.entries] == ["if", "else if", "else if", "else"]
    assert [len(entry.body) for entry in branch.entries] == [0, 1, 0, 0]
    assert plugin == Plugin("ifx", ())


def test_sections_of_one_kind_run_as_one() -> None:
    tree = parsed("filter { drop { } } output { } filter { json { } }")
    assert [render(each) for each in tree.statements("filter")] == ["drop { }", "json { }"]


def test_comments_stand_between_all_tokens() -> None:
    text = "filter { mutate { x => { 'a' => [ 1 , 2 ] } } }"
    (plugin,) = parsed("#\n" + text.replace(" ", " #\n") + "# no line feed").statements("filter")
    assert render(plugin) == "mutate { x => { 'a' => [1, 2] } }"


def test_a_comment_alone_does_not_separate_options() -> None:
    parsed("filter { mutate { a => 1#\n } }")
    parsed("filter { mutate { a => 1 #\n b => 2 } }")
    with pytest.raises(PipelineError):
        parsed("filter { mutate { a => 1#\n b => 2 } }")


def test_every_node_says_where_it_stands() -> None:
    text = (
        'filter { if [a] in ["x", 1] or !([b] =~ /c/) { mutate { id => "m" h => { k1 => v1 } } } }'
    )
    tree = parsed(text)
    for node in walk(tree):
        assert render(node) == text[slice(*node.span)]
    plugin = next(node for node in walk(tree) if isinstance(node, Plugin))
    assert text[slice(*plugin.name_span)] == "mutate"
    assert text[slice(*plugin.attributes[0].name_span)] == "id"


def test_files_are_joined_in_the_order_of_their_names() -> None:
    sources = [Source("2.conf", "  drop { }\n}"), Source("1.conf", "filter {\n  json { x => 1 }")]
    tree = parse(sources)
    assert [render(each) for each in tree.statements("filter")] == ["json { x => 1 }", "drop { }"]
    assert [str(tree.sources.locate(each.span)) for each in tree.statements("filter")] == [
        "1.conf:2:3",
        "2.conf:1:3",
    ]


def test_a_fault_names_the_file_it_is_in() -> None:
    sources = [Source("1.conf", "filter { drop { } }"), Source("2.conf", "filter {\n  drop\n}")]
    with pytest.raises(PipelineError, match=r"^2\.conf:2:3: the plugin `drop` has no braces"):
        parse(sources)


def test_nothing_is_a_configuration_too() -> None:
    assert parse([]).sections == parsed("").sections == parsed("# nothing").sections == ()

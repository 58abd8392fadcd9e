"""What holds for every tree, and for every text."""

from __future__ import annotations

import contextlib
import random
import re
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.logstash.config import parsed
from toolkit.errors import ToolkitError
from toolkit.logstash.config import nodes, parse, render
from toolkit.logstash.config.cursor import Cursor
from toolkit.logstash.config.faults import SyntaxFault
from toolkit.logstash.config.nodes import walk
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.config.statements import configuration
from toolkit.logstash.config.treetop import report
from toolkit.logstash.source import Source

NAMES = st.from_regex(r"(?!if|else)[A-Za-z][A-Za-z0-9_]{1,6}", fullmatch=True)
STRINGS = st.one_of(
    st.from_regex(r'([^"\\]|\\[^\\])*', fullmatch=True).map(
        lambda raw: nodes.String(raw, '"', raw)
    ),
    st.from_regex(r"[^'\\]*", fullmatch=True).map(lambda raw: nodes.String(raw, "'", raw)),
).filter(lambda node: "${" not in node.raw)
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(lambda value: nodes.Number(str(value), value)),
    st.decimals(-1000, 1000, places=2).map(lambda value: nodes.Number(f"{value:f}", float(value))),
)
WORDS = NAMES.map(nodes.Bareword)
SELECTORS = st.lists(NAMES, min_size=1, max_size=3).map(
    lambda names: nodes.Selector("".join(f"[{name}]" for name in names))
)


def tuples(items: st.SearchStrategy[Any], **options: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=2, **options).map(tuple)


def written_key(entry: nodes.HashEntry) -> str:
    return render(entry.key)


def containers(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    entries = st.builds(nodes.HashEntry, st.one_of(NUMBERS, WORDS, STRINGS), values)
    attributes = st.builds(nodes.Attribute, NAMES, values)
    return st.one_of(
        st.builds(nodes.Array, tuples(values)),
        st.builds(nodes.Hash, tuples(entries, unique_by=written_key)),
        st.builds(nodes.Plugin, NAMES, tuples(attributes)),
    )


VALUES = st.recursive(st.one_of(STRINGS, NUMBERS, WORDS), containers, max_leaves=5)
IDLESS = st.builds(nodes.Attribute, NAMES.filter(lambda name: name not in {"id", "codec"}), VALUES)
PLUGINS = st.builds(nodes.Plugin, NAMES, tuples(IDLESS))
REGEXPS = st.from_regex(r"[^/\\]*", fullmatch=True).map(nodes.Regexp)
SIMPLE = st.one_of(
    SELECTORS,
    st.builds(
        nodes.ComparisonExpression,
        st.sampled_from(["==", "!=", "<", ">", "<=", ">="]),
        SELECTORS,
        st.one_of(SELECTORS, NUMBERS, STRINGS),
    ),
    st.builds(nodes.RegexpExpression, st.sampled_from(["=~", "!~"]), SELECTORS, REGEXPS | STRINGS),
    st.builds(nodes.InExpression, SELECTORS | STRINGS, SELECTORS),
    st.builds(nodes.NotInExpression, SELECTORS, SELECTORS | STRINGS),
)
CONDITIONS = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(nodes.NegativeExpression, inner),
        st.builds(
            nodes.BooleanExpression, st.sampled_from(["and", "or", "xor", "nand"]), inner, inner
        ),
    ),
    max_leaves=6,
)


def branches(statements: st.SearchStrategy[Any]) -> st.SearchStrategy[nodes.Branch]:
    body = tuples(statements)
    return st.builds(
        lambda first, others, last: nodes.Branch((first, *others, *last)),
        st.builds(nodes.BranchEntry, st.just("if"), CONDITIONS, body),
        tuples(st.builds(nodes.BranchEntry, st.just("else if"), CONDITIONS, body)),
        st.lists(st.builds(nodes.BranchEntry, st.just("else"), st.none(), body), max_size=1),
    )


STATEMENTS = st.recursive(PLUGINS, branches, max_leaves=4)
TREES = tuples(
    st.builds(
        nodes.PluginSection, st.sampled_from(["input", "filter", "output"]), tuples(STATEMENTS)
    )
).map(nodes.Configuration)


@settings(max_examples=40)
@given(TREES)
def test_what_is_rendered_parses_to_the_same_tree(tree: nodes.Configuration) -> None:
    again = parsed(render(tree))
    assert again == tree
    for node in walk(again):
        assert 0 <= node.span[0] <= node.span[1]


@given(
    st.one_of(
        st.text(),
        st.text("{}[]()=>!~\"'/#,-. \n\\afilter"),
        st.text().map("filter {{ {} }}".format),
    )
)
def test_any_text_raises_nothing_but_our_own_errors(text: str) -> None:  # fmt: skip
    with contextlib.suppress(ToolkitError):
        parsed(text)


CONFIGURATION = """filter { mutate { add_tag => ["a", 'b'] x => { "a" => 1 b2 => word } }
  if [a] == "x" and ([b] in ["c","d"] or ![e]) { drop { } } else if "x" not in [f] { }
  else { drop {} } }
output { stdout { codec => json { a => "b" } } }
"""
SNIPPETS = [
    *(
        "input",
        "filter",
        "{",
        "}",
        "if",
        "else",
        "else if",
        "[a]",
        '["a","b"]',
        '"x"',
        "'y'",
        "ab",
    ),
    *('"\\""', '"\\', "/re/", "==", "=~", "in", "not in", "and", "xor", "!", "(", ")", "=>", "1."),
    *("[", "]", ",", "-1.5", "a", "#c\n", "#", "\n", " ", "foo(", "\r\n", "é", "\\"),
]


def mutated(seed: int) -> str:
    """The configuration above with a few tokens replaced, inserted or deleted."""
    choose = random.Random(seed)
    tokens = re.findall(r'"[^"]*"|\w+|\s+|=>|==|.', CONFIGURATION)
    for _ in range(choose.randint(1, 3)):
        at = choose.randrange(len(tokens))
        tokens[at : at + choose.randint(0, 1)] = choose.choice([[], [choose.choice(SNIPPETS)]])
    return "".join(tokens)


@pytest.mark.parametrize("start", range(0, 800, 100))
def test_the_parser_and_the_grammar_of_logstash_accept_the_same(start: int) -> None:
    for text in map(mutated, range(start, start + 100)):
        cursor = Cursor(Sources((Source("pipeline.conf", text),)))
        try:
            configuration(cursor)
        except SyntaxFault:
            said = report(text)
            # Logstash takes `else {` and `if {` for plugins of that name, and fails later.
            assert said is not None or re.search(r"\b(else|if)\s*\{", text), text
            assert report(text, cursor.checkpoint) == said
        else:
            assert report(text) is None, text


def test_the_source_of_a_tree_does_not_count_when_trees_are_compared() -> None:
    one, other = (parse([Source(name, "filter { }")]) for name in "ab")
    assert one == other
    assert cast(Any, one).sources != other.sources

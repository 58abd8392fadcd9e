"""The engines agree with each other, and with Oniguruma where its syntax is Ruby's."""

from __future__ import annotations

import onigurumacffi
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.languages.ruby_regex.recordings import Spans, spans
from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex.engines.sre import Texts, compile_native
from toolkit.languages.ruby_regex.parser import parse
from toolkit.languages.ruby_regex.scanner import RegexFlags

_ATOMS = st.sampled_from(
    [
        "a",
        "b",
        "é",
        ".",
        "[ab]",
        "[^a]",
        "[0-9A-Za-z_]",
        "^",
        "$",
        "\\b",
        "\\B",
        "\\n",
        "\\A",
        "\\Z",
    ]
)
_QUANTIFIERS = st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}?"])


def _larger(patterns: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrapped = st.tuples(st.sampled_from(["(", "(?:", "(?>"]), patterns, _QUANTIFIERS)
    looked = st.tuples(st.sampled_from(["(?=", "(?!"]), patterns)
    return (
        st.tuples(patterns, patterns).map("".join)
        | st.tuples(patterns, patterns).map("|".join).map("(?:{})".format)
        | wrapped.map(lambda parts: f"{parts[0]}{parts[1]}){parts[2]}")
        | looked.map(lambda parts: f"{parts[0]}{parts[1]})")
    )


_PATTERNS = st.recursive(_ATOMS, _larger, max_leaves=6)
_TEXTS = st.text(alphabet="aabbé1_ \n", max_size=8)


def _oniguruma(pattern: str, text: str, groups: int) -> Spans | None:
    try:
        match = onigurumacffi.compile(pattern).search(text)
    except onigurumacffi.OnigError:
        # Unlike Ruby's, it does not repeat anchors.
        assume(False)
    if match is None:
        return None
    starts, ends = match._begs, match._ends  # noqa: SLF001
    offset = {len(text[:place].encode()): place for place in range(len(text) + 1)}
    return [
        None if starts[n] < 0 else [offset[starts[n]], offset[ends[n]]] for n in range(groups + 1)
    ]


@given(_PATTERNS, _TEXTS)
@settings(max_examples=500, deadline=None)
def test_oniguruma_agrees_on_where_a_match_is(pattern: str, text: str) -> None:
    compiled = ruby_regex.compile(pattern)
    ours, theirs = spans(compiled, text), _oniguruma(pattern, text, compiled.groups)
    assert (ours and ours[0]) == (theirs and theirs[0])


@given(_PATTERNS, _TEXTS, st.integers(0, 3))
@settings(max_examples=500, deadline=None)
def test_the_machine_agrees_with_the_standard_library(pattern: str, text: str, start: int) -> None:
    assume(start <= len(text))
    native, machine = ruby_regex.compile(pattern), ruby_regex.compile(pattern, engine="machine")
    assert spans(native, text, start) == spans(machine, text, start)


@given(_PATTERNS, st.text(alphabet="ab1_ \n", max_size=8))
@settings(max_examples=300, deadline=None)
def test_all_forms_agree_on_ascii(pattern: str, text: str) -> None:
    tree = parse(pattern, RegexFlags())
    found = {
        match and match.span()
        for match in (compile_native(tree, texts).search(text) for texts in Texts)
    }
    assert len(found) == 1

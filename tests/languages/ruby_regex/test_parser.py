"""The tree, the places in it, and what is refused and where."""

from __future__ import annotations

import pytest

from toolkit.languages.ruby_regex import RegexError
from toolkit.languages.ruby_regex.parser import parse
from toolkit.languages.ruby_regex.scanner import RegexFlags
from toolkit.languages.ruby_regex.tree import (
    Alternation,
    Atomic,
    Group,
    Literal,
    Quantifier,
    RegexNode,
    Sequence,
    Set,
    walk,
)


def _parts(pattern: str, kind: type[RegexNode]) -> list[str]:
    body = parse(pattern, RegexFlags()).body
    return [pattern[n.start : n.end] for n in walk(body) if isinstance(n, kind)]


def test_a_node_knows_where_it_was_written() -> None:
    pattern = r"\u00e9(?<a:b>x|[y-z]+)\h{2}(?#no)tail"
    assert _parts(pattern, Group) == ["(?<a:b>x|[y-z]+)"]
    assert _parts(pattern, Alternation) == ["x|[y-z]+"]
    assert _parts(pattern, Quantifier) == ["[y-z]+", r"\h{2}"]
    assert _parts(pattern, Set) == ["[y-z]", r"\h"]
    assert _parts(pattern, Literal) == [r"\u00e9", "x", "tail"]


def test_names_may_be_any_and_repeat() -> None:
    tree = parse("(?<a:b>.)(?<[a][b]>.)(?'@m'.)(?<a:b>.)(plain)", RegexFlags())
    assert tree.names == (("a:b", 1), ("[a][b]", 2), ("@m", 3), ("a:b", 4))
    assert tree.groups == 4


@pytest.mark.parametrize(
    ("pattern", "low", "high", "greedy"),
    [
        ("(?:a*)*", 0, None, True),
        ("(?:a+)?", 0, None, True),
        ("(?:a?)+?", 1, None, False),
        ("(?:a??)*", 0, None, False),
        ("a{,3}", 0, 3, True),
        ("a{3,}?", 3, None, False),
        ("(?:a*){2,5}", 2, 2, True),
    ],
)
def test_quantifiers_of_quantifiers(
    pattern: str, low: int, high: int | None, greedy: bool
) -> None:
    body = parse(pattern, RegexFlags()).body
    assert isinstance(body, Quantifier)
    assert (body.low, body.high, body.greedy) == (low, high, greedy)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [("a++", Atomic), ("a{2}+", Quantifier), ("a{1}", Literal), ("a{", Literal)],
)
def test_what_a_suffix_means(pattern: str, kind: type[RegexNode]) -> None:
    assert isinstance(parse(pattern, RegexFlags()).body, kind)


def test_options_reach_to_the_end_of_the_group_and_its_branches() -> None:
    body = parse("a(?i)b|c", RegexFlags()).body
    assert isinstance(body, Sequence)
    texts = [n for n in walk(body) if isinstance(n, Literal)]
    assert [(text.characters, text.fold) for text in texts] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]


@pytest.mark.parametrize(
    ("pattern", "message", "marked"),
    [
        ("ab(cd", "end pattern with unmatched parenthesis", "(cd"),
        ("ab)c", "unmatched close parenthesis", ""),
        ("x[ab", "premature end of char-class", "[ab"),
        ("x[b-a]", "empty range in char class", "[b-a"),
        ("a|*b", "target of repeat operator is not specified", "*"),
        (r"é\p{Foo}z", "invalid character property name <Foo>", r"\p{Foo}"),
        ("(?P<n>a)", "undefined group option", "(?P"),
        (r"\x{41}", "invalid hex escape", r"\x"),
        (r"(?<=a+)b", "invalid pattern in look-behind", "(?<=a+)"),
        (r"(?<n>a)(b)\1", "numbered backref/call is not allowed. (use name)", r"\1"),
        (r"(?<n>a)\k<m>", "undefined name <m> reference", r"\k<m>"),
        (r"\u00e9\u00e9(?z)", "undefined group option", "(?z"),
        (r"(a)(?(1)b|c|d)", "invalid conditional pattern", "(?(1)b|c|d)"),
    ],
)
def test_what_ruby_refuses_and_where(pattern: str, message: str, marked: str) -> None:
    with pytest.raises(RegexError) as caught:
        parse(pattern, RegexFlags())
    assert caught.value.message == message
    assert pattern[caught.value.start : caught.value.end] == marked
    assert not caught.value.unsupported

"""Loops that explode are found, with a text that shows it; all others are let be."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex.explosion import Explosion, explosions
from toolkit.languages.ruby_regex.tree import RegexTree
from toolkit.logstash.grok import Expression, shipped_definitions

EXPLODING = [
    r"^(a+)+$",
    r"(a+)+b",
    r"^(?:\w+\s?)+:$",
    r"^(?:\w+\s*)+$",
    r"^(?:a|a)*b$",
    r"^(?:a|aa)+$",
    r"(?<x>a*b*)*c",
    r"^(\d+|\w+)*$",
    r"^(?:.*,)*x$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"^(?:[^ ]+ ?)*end",
    r"^((a|b|ab)*)c$",
    r"^(?i)(s+|ß)*x$",
    r"^(?i:(k|kk)+) \d",
    r'("([^"\\]|\\.)*"|[^"]+)*$',
    r"^(?:[a-z]+[0-9]*)+$",
    r"(x+x+)+y",
    r"^(?:a{1,9}){1,50}b",
    r"^(?:(?:a?b?){2})+$",
    r"^x(?:\R|\n)+y",
    r"(?<w>a)?(?:b|b)*\k<w>",
]
HARMLESS = [
    r".*",
    r".*.*.*x",
    r"a*a*a*b",
    r"^(?:[^,]*,)*x$",
    r"(?:\w+\s)+:",
    r"(?:a+b)+c",
    r"(?:[a-z]+\.)+[a-z]+$",
    r"(?:foo|bar)*baz",
    r'(?:"[^"]*"\s*)+$',
    r"^(?:(?!x).)*$",
    r"^(?:\b\w+\b\s*)+:",
    r"^(?:a?){30}b",
]
ENDED = [
    pytest.param(r"^(?>a+)+b", id="an atomic loop takes all it can"),
    pytest.param(r'^(?>"(?>\\.|[^\\"]+)*")+$', id="and so do its branches"),
    pytest.param(r"(?>(a+)+)$", id="nothing is tried again behind the loop"),
    pytest.param(r"(a+)+", id="it never fails"),
    pytest.param(r"(?:a+)+$", id="joni makes one loop of both"),
]


def of(pattern: str) -> list[Explosion]:
    return list(explosions(ruby_regex.compile(pattern, dotall=True).tree))


@pytest.mark.parametrize("pattern", EXPLODING)
def test_the_text_explodes_on_the_engine_in_use(pattern: str) -> None:
    found = of(pattern)[0]
    compiled = ruby_regex.compile(pattern, dotall=True)
    compiled.search(found.text(1), deadline=30)
    with pytest.raises(ruby_regex.RegexTimeout):
        compiled.search(found.text(60), deadline=0.05)


@pytest.mark.parametrize("pattern", [*HARMLESS, *ENDED])
def test_what_does_not_explode_is_let_be(pattern: str) -> None:
    assert of(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "loop", "texts"),
    [
        (r"^id=(?<n>\d) (?:\w+ ?)+:$", r"\w+ ?)+", ("id=0 ", "aa", "!")),
        (r"(?:\w+,)+x(?:a|a)*y", "a|a)*", ("a,x", "a", "!")),
    ],
)
def test_where_and_on_what(pattern: str, loop: str, texts: tuple[str, str, str]) -> None:
    (found,) = of(pattern)
    assert pattern[found.loop.start : found.loop.end] == loop
    assert (found.before, found.turn, found.after) == texts


@pytest.mark.parametrize(
    ("pattern", "cured"),
    [
        (r"^(a+)+$", "^(?>(a+)+)$"),
        (r"^(?:\w+ ?)+:$", r"^(?>(?:\w+ ?)+):$"),
        # The loop would take in the end, and there would be no match any more.
        (r"^(?:[^ ]+ ?)*end", None),
    ],
)
def test_an_atomic_group_is_advised_where_it_helps(pattern: str, cured: str | None) -> None:
    (found,) = of(pattern)
    assert found.cured == (cured is not None)
    if cured:
        assert of(cured) == []
        assert ruby_regex.compile(cured).search(found.text(60), deadline=5) is None


@pytest.mark.parametrize(
    "pattern",
    [r"(?<x>(?:a|b\g<x>)*)$", r"(a)(?:\1|\1)*$", f"(?:{'|'.join('ab' * 200)})*$"],
    ids=["calls", "references", "too large"],
)
def test_what_cannot_be_followed_is_let_be(pattern: str) -> None:
    assert of(pattern) == []


COMMON = (
    "COMBINEDAPACHELOG HTTPD_ERRORLOG SYSLOGLINE SYSLOG5424LINE CATALINALOG JAVASTACKTRACEPART"
    " HAPROXYHTTP URI PATH QUOTEDSTRING EMAILADDRESS IPORHOST HOSTPORT TIMESTAMP_ISO8601"
    " ELB_ACCESS_LOG S3_ACCESS_LOG NETSCREENSESSIONLOG CISCOFW106001 EXIM REDISLOG MONGO3_LOG"
)


@pytest.mark.parametrize("name", COMMON.split())
def test_common_patterns_do_not_explode(name: str) -> None:
    assert list(explosions(_followed(name))) == []


@pytest.mark.parametrize(("name", "turn"), [("BACULA_CAPACITY", ",0000"), ("RAILS3", "\n\n")])
def test_two_that_come_with_logstash_do(name: str, turn: str) -> None:
    assert [each.turn for each in explosions(_followed(name))] == [turn]


def _followed(name: str) -> RegexTree:
    return Expression(f"^%{{{name}}} end$", shipped_definitions(ecs=False)).regex.tree


HOSTILE = {
    "copies of copies of nothing": "(?:^" + "(?:" * 20 + r"\b" + "){6}" * 20 + "|x|x)*$",
    "loops in loops": "(?:" * 40 + "a|a" + ")*b?" * 40 + "c",
    "many loops": "(?:a|a)*b" * 60,
    "very long": "(?:a{9000}){9000}(?:x|x)*$",
    "many branches": f"^(?:{'|'.join(['[a-z]+'] * 100)})*$",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_looking_takes_a_bounded_number_of_steps(name: str) -> None:
    """Without the bounds each takes minutes, or for ever; with them some seconds."""
    begun = time.process_time()
    list(explosions(ruby_regex.compile(HOSTILE[name]).tree))
    assert time.process_time() - begun < 60


@given(st.text(alphabet="ab01 \\w.()[]{}?*+|^$:<>-,", max_size=24))
@example(r"(?:a|a)*$")
@settings(max_examples=150, deadline=None)
def test_any_pattern_is_looked_at(pattern: str) -> None:
    with suppress(ruby_regex.RegexError):
        for found in explosions(ruby_regex.compile(pattern).tree):
            assert pattern[found.loop.start : found.loop.end]

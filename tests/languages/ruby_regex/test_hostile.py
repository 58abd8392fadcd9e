"""Any text may be given as a pattern, and any text matched."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from toolkit.languages import ruby_regex

_SYNTAX = st.text(
    alphabet=r"\()[]{}?*+|^$.-:<>'!=~&,#0123aAbdgGhikKnpPRuwxXzZ" + "éß\n ", max_size=30
)


def _compiled(pattern: str) -> ruby_regex.Regex | ruby_regex.RegexError:
    try:
        return ruby_regex.compile(pattern)
    except ruby_regex.RegexError as error:
        return error


@given(_SYNTAX)
@example("[[a-" + "\\")
@example("(?(")
@example("\\k<\\>")
@settings(max_examples=600, deadline=None)
def test_nothing_but_our_own_errors(pattern: str) -> None:
    compiled = _compiled(pattern)
    if isinstance(compiled, ruby_regex.RegexError):
        assert compiled.message
        assert 0 <= compiled.start <= compiled.end <= len(pattern)
        return
    for text in ("", "aAb é\n", "<k>0ß"):
        with contextlib.suppress(ruby_regex.RegexTimeout):
            compiled.search(text, deadline=1)


@given(st.text(max_size=12))
def test_an_escaped_text_matches_itself(text: str) -> None:
    escaped = "".join(c if c.isalnum() else f"\\u{{{ord(c):x}}}" for c in text)
    match = ruby_regex.compile(escaped).search(text)
    assert match is not None
    assert match.span() == (0, len(text))


@pytest.mark.parametrize("opening", ["(", "(?:", "(?<n>", "(?i)(", "[a", "(?=", "(a|"])
@pytest.mark.parametrize("times", [50, 200, 5000])
def test_nesting_is_bounded(opening: str, times: int) -> None:
    closing = "]" if opening == "[a" else ")"
    pattern = opening * times + "x" + closing * times
    if times == 50:
        ruby_regex.compile(pattern).search("x")
        return
    with pytest.raises(ruby_regex.RegexError, match="too deep nest level") as caught:
        ruby_regex.compile(pattern)
    assert caught.value.unsupported


def test_long_patterns_and_sequences() -> None:
    assert ruby_regex.compile("ab?" * 5000).search("a" * 5000)
    assert ruby_regex.compile("|".join(f"w{n}" for n in range(2000))).search("w1999")
    assert ruby_regex.compile("(?:a{1000}){1000}").search("a") is None


@pytest.mark.parametrize("engine", ruby_regex.ENGINES)
@pytest.mark.parametrize("letter", ["a", "é"])
def test_a_megabyte(engine: str, letter: str) -> None:
    text = f"{letter} " * 500_000 + "end"
    match = ruby_regex.compile(r"^(?<first>\S+) (?<rest>.*) (?<last>end)$", engine=engine).search(
        text
    )
    assert match is not None
    assert match.span("rest") == (2, 999_999)

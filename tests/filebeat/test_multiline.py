"""How lines become messages: the cases of Filebeat's multiline reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.filebeat.config import Multiline
from toolkit.filebeat.multiline import join


@dataclass(frozen=True)
class Case:
    settings: Multiline
    lines: list[str]
    messages: list[str]


def settings(pattern: str, *, flush: str | None = None, **options: Any) -> Multiline:
    ends = re.compile(flush) if flush else None
    return Multiline(re.compile(pattern), flush_pattern=ends, **options)


CASES = {
    "what matches goes after": Case(
        settings("^b"), ["a1", "b1", "b2", "a2", "b3"], ["a1\nb1\nb2", "a2\nb3"]
    ),
    "what matches goes before": Case(
        settings("^b", match="before"), ["b1", "b2", "a1", "b3", "a2"], ["b1\nb2\na1", "b3\na2"]
    ),
    "what does not match goes after": Case(
        settings("^b", negate=True), ["b1", "a1", "a2", "b2", "a3"], ["b1\na1\na2", "b2\na3"]
    ),
    "what does not match goes before": Case(
        settings("^b", negate=True, match="before"),
        ["a1", "a2", "b1", "a3", "b2"],
        ["a1\na2\nb1", "a3\nb2"],
    ),
    "the first line begins a message, whatever it is": Case(
        settings("^b"), ["b1", "b2", "a1"], ["b1\nb2", "a1"]
    ),
    "a line that flushes ends its message": Case(
        settings("^new", negate=True, flush="^end"),
        ["new", "a", "end", "b", "new", "c"],
        ["new\na\nend", "b", "new\nc"],
    ),
    "a line that flushes is added even if it would begin a message": Case(
        settings("^new", negate=True, flush="end$"), ["new", "new end", "a"], ["new\nnew end", "a"]
    ),
    "the line a message begins with does not flush it": Case(
        settings("^new", negate=True, flush="end$"), ["new end", "a", "b"], ["new end\na\nb"]
    ),
    "beyond the most lines they are left out": Case(
        settings("^ ", max_lines=2), ["a", " b", " c", " d", "e"], ["a\n b", "e"]
    ),
    "without a limit all are kept": Case(
        settings("^ ", max_lines=0), ["a", *[" b"] * 600], ["\n".join(["a", *[" b"] * 600])]
    ),
    "line ends can be left out": Case(settings("^ ", skip_newline=True), ["a", " b"], ["a b"]),
    "an empty line within a message is kept": Case(
        settings("^a", negate=True), ["a", "", "b"], ["a\n\nb"]
    ),
    "empty lines a message begins with leave no trace": Case(
        settings("^a", negate=True), ["", "", "b", "a"], ["b", "a"]
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_lines_become_messages(case: Case) -> None:
    assert [message.text for message in join(case.lines, case.settings)] == case.messages


def test_a_message_knows_the_line_its_text_begins_with() -> None:
    found = join(["", "a", " b", "c", " d"], settings("^ "))
    assert [(message.first, message.text) for message in found][1:] == [(2, "a\n b"), (4, "c\n d")]


@given(
    lines=st.lists(st.sampled_from(["a", "b", "", " c", "end"])),
    negate=st.booleans(),
    match=st.sampled_from(["after", "before"]),
    flush=st.sampled_from([None, "^end"]),
)
def test_no_line_is_lost_or_doubled(
    lines: list[str], negate: bool, match: str, flush: str | None
) -> None:
    found = list(join(lines, settings("^[a ]", negate=negate, match=match, flush=flush)))
    sent = [line for message in found for line in message.lines if line]
    assert sent == [line for line in lines if line]
    for message in found:
        assert lines[message.first - 1 :][: len(message.lines)] == list(message.lines)


@pytest.mark.parametrize(
    ("lines", "limit", "flags"),
    [
        (["1 a"], 500, ()),
        (["1 a", "b"], 500, ("multiline",)),
        (["1 a", "b"], 1, ("truncated",)),
        (["1 a", "b", "c"], 2, ("truncated", "multiline")),
        (["1 a", "b", ""], 2, ("multiline",)),
        (["1 a", ""], 1, ()),
    ],
)
def test_what_was_joined_or_cut_is_marked(
    lines: list[str], limit: int, flags: tuple[str, ...]
) -> None:
    (message,) = join(lines, settings(r"^\d", negate=True, max_lines=limit))
    assert message.flags == flags


def test_without_settings_nothing_is_marked() -> None:
    assert [message.flags for message in join(["a", "b"], None)] == [(), ()]

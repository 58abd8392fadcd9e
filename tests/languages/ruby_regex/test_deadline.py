"""A match ends by its deadline, in whatever thread, and leaves nothing behind.

Deadlines are of processor time, and so are the limits here.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex.engines.watch import can_watch

_ENDLESS = [
    (r"^(?:a|a)*b$", "a" * 45 + "b!"),
    (r"(?<x>a*)*b$", "a" * 45 + "b!"),
    (r"^(?:.*,){25}P", ",".join(map(str, range(27))) + "P!"),
    (r"(\w+\s?)+:$", "word " * 20 + ":!"),
    (r"(a?){30}\1\Kb", "a" * 60 + "b"),
]


def _times_out(pattern: str, text: str, engine: str | None = None) -> float:
    compiled = ruby_regex.compile(pattern, engine=engine)
    begun = time.process_time()
    with pytest.raises(ruby_regex.RegexTimeout):
        compiled.search(text, deadline=0.1)
    return time.process_time() - begun


@pytest.mark.parametrize(("pattern", "text"), _ENDLESS[:4])
def test_in_the_main_thread(pattern: str, text: str) -> None:
    assert 0.05 < _times_out(pattern, text) < 1


@pytest.mark.parametrize(("pattern", "text"), _ENDLESS[:4])
def test_in_another_thread(pattern: str, text: str) -> None:
    with ThreadPoolExecutor(1) as pool:
        assert 0.05 < pool.submit(_times_out, pattern, text).result() < 1


@pytest.mark.parametrize(("pattern", "text"), _ENDLESS)
def test_on_the_machine(pattern: str, text: str) -> None:
    assert 0.05 < _times_out(pattern, text, "machine") < 1


def test_another_thread_keeps_the_quick_engine_where_it_cannot_run_late() -> None:
    compiled = ruby_regex.compile(r"(?<ip>\d+\.\d+) (?<rest>.*)$")
    with ThreadPoolExecutor(1) as pool:
        match = pool.submit(compiled.search, "1.2 x", deadline=1).result()
    assert hasattr(match, "lastindex")


def test_a_signal_that_is_taken_is_left_alone() -> None:
    compiled = ruby_regex.compile(*_ENDLESS[0][:1])
    # The timer ticks in processor time: it stops while this is busy.
    begun = time.process_time()
    while signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL:
        assert time.process_time() - begun < 10
    calls: list[int] = []
    signal.signal(signal.SIGVTALRM, lambda number, frame: calls.append(number))
    try:
        assert not can_watch()
        with pytest.raises(ruby_regex.RegexTimeout):
            compiled.search(_ENDLESS[0][1], deadline=0.1)
        assert calls == []
    finally:
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


def test_a_program_ends_in_peace_while_the_timer_ticks() -> None:
    program = (
        "from toolkit.languages import ruby_regex\n"
        "takes_long_to_forget = [[number] for number in range(1_000_000)]\n"
        "ruby_regex.compile('(?:a|b|ab)*c').search('ab' * 4 + 'dc', deadline=1)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^(?:a|a)*b$", "a" * 60),
        (r"^(?:a*)*b$", "a" * 60 + "b!"),
        (r"(?:a+)+$", "a" * 60 + "!"),
        (r"(?:(?:a+)?)*b", "a" * 60 + "!"),
    ],
    ids=["a needed text is absent", "a star of a star", "a plus of a plus", "all reduced"],
)
def test_what_joni_reduces_does_not_explode(pattern: str, text: str) -> None:
    assert ruby_regex.compile(pattern).search(text, deadline=1) is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^foo (?:a|a)*b", "foo " + "a" * 40),
        (r"(?:a|a)*b(?:c|c)*de", "a" * 40 + "b" + "c" * 30),
        (r"^y*foo (?:a|a)*bbbbbbbb", "foo " + "a" * 40),
    ],
    ids=["another text is looked for first", "of two the first", "though it is shorter"],
)
def test_what_joni_does_not_see_explodes_here_too(pattern: str, text: str) -> None:
    assert _times_out(pattern, text) < 1

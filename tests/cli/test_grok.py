"""``toolkit grok``: captures as Logstash stores them, and where an expression stops."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from toolkit.cli import _streams, main
from toolkit.cli.grok import _matchers
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.ruby import to_f, to_i
from toolkit.logstash.event.values import to_json
from toolkit.logstash.grok import Capture
from toolkit.logstash.grok.matching import Matching
from toolkit.reports.grok.captures import captures_printer

GOLDEN = Path(__file__).parent / "golden"
OWN = (
    "%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} .*status=%{INT:status:int} took=%{NUMBER:took}s$"
)


def grok(*arguments: str, lines: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["grok", *arguments], input=lines, env={"TOOLKIT_RAISE": "1"})


def matched(*arguments: str, lines: str | bytes) -> list[Any]:
    result = grok("match", *arguments, lines=lines)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


def test_one_object_a_line_and_null_where_it_does_not_match() -> None:
    lines = "GET 200\nnothing\nPUT 500 \n"
    assert matched("^%{WORD:verb} %{INT:status:int}$", lines=lines) == [
        {"verb": "GET", "status": 200},
        None,
        None,
    ]


def test_lines_end_at_a_line_feed_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes("a\u2028b\r\nc\n".encode())
    assert grok("match", "(?<all>.*)", str(path)).stdout == '{"all":"a\u2028b\\r"}\n{"all":"c"}\n'


def test_bytes_that_are_no_text_come_escaped_as_from_the_codec() -> None:
    assert matched("(?<all>.*)", lines=b"caf\xe9\n") == [{"all": "caf\\xE9"}]


@pytest.mark.parametrize(
    ("ecs", "field"),
    [("v1", {"source": {"address": "1.2.3.4"}}), ("disabled", {"clientip": "1.2.3.4"})],
)
def test_both_sets_of_definitions(ecs: str, field: dict[str, Any]) -> None:
    line = '1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 -\n'
    (found,) = matched("%{COMMONAPACHELOG}", "--ecs", ecs, lines=line)
    assert found.items() >= field.items()


def test_definitions_of_a_folder_or_file(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("ID [A-Z]{3}-\\d+\n")
    for path in (tmp_path, tmp_path / "mine"):
        assert matched("%{ID:id}", "--patterns", str(path), lines="see ABC-12\n") == [
            {"id": "ABC-12"}
        ]


@pytest.mark.parametrize("engine", ["re", "machine", "pygrok"])
def test_engines_agree_on_what_all_of_them_know(engine: str) -> None:
    lines = "2026-01-10 00:45:12 INFO x status=200 took=0.5s\nnot this\n"
    assert matched(OWN, "--engine", engine, lines=lines) == [
        {"time": "2026-01-10 00:45:12", "level": "INFO", "status": 200, "took": "0.5"},
        None,
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["match", "%{WROD:a}"], 2, "did you mean `WORD`?"),
        (["match", "%{WORD:a} ("], 2, "end pattern with unmatched parenthesis"),
        (["match", "a", "no.log"], 2, "`no.log` cannot be read"),
        (["match", "a", "--engine", "pygrk"], 2, "did you mean `pygrok`?"),
        (["match", "a", "--engine", "x"], 2, "the engines are re, machine, pygrok"),
        (["match", "%{WORD:[a][b]}", "--engine", "pygrok"], 3, "pygrok has no opinion"),
        (["match", "a", "--patterns", "nowhere"], 2, "`nowhere` cannot be read"),
        (["match", r"\Ka(?~b)", "--engine", "re"], 3, "`re` cannot express"),
        (["explain", "%{WROD:a}", "x"], 2, "expression:1:1"),
    ],
)  # fmt: skip
def test_what_cannot_be_understood(arguments: list[str], code: int, said: str) -> None:
    result = grok(*arguments)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


CASES = {
    "stops-in-a-pattern": ([OWN, "2026-01-10 00:45:12 INFO x status=- took=0.5s"], 1),
    "stops-at-the-end": ([OWN, "2026-01-10 00:45:12 INFO x status=200 took=0.5s \r"], 1),
    "several": (["%{IP:ip}", "^%{WORD:w}$", OWN, "2026-01-10 00:45:12,5 WARN y"], 1),
    "matches": ([OWN, "2026-01-10 00:45:12 INFO x status=200 took=0.5s"], 0),
}


@pytest.mark.parametrize("name", CASES)
def test_explanations(name: str, update: bool) -> None:
    arguments, code = CASES[name]
    result = grok("explain", *arguments)
    golden = GOLDEN / f"explain-{name}.txt"
    if update:
        golden.write_text(result.stdout, "utf-8")
    assert (result.stdout, result.exit_code) == (golden.read_text("utf-8"), code)
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_line_from_standard_input() -> None:
    assert grok("explain", "^%{WORD:w}$", "-", lines="one\n").exit_code == 0


FIELDS = st.sampled_from(
    ["a", "b", "c.d", "%s", "[a]", "[x][y]", "[x][z]", "[x][y][w]", "[@metadata][t]"]
)
NUMBERS = (
    st.integers().map(str)
    | st.floats().map(str)
    | st.from_regex(r"[-+]?[0-9]{0,9}(\.[0-9]{0,9})?(e-?[0-9]{1,3})?", fullmatch=True)
)
TEXTS = st.none() | st.text('xé"\\u\x1b', max_size=3) | NUMBERS
CAPTURES = st.tuples(FIELDS, st.sampled_from(["", "int", "float"]), TEXTS)


@given(st.lists(CAPTURES, max_size=6))
def test_captures_are_printed_as_the_filter_stores_them(
    given: list[tuple[str, str, str | None]],
) -> None:
    captures = [Capture(field, at, kind) for at, (field, kind, _) in enumerate(given, start=1)]
    texts = [text for _, _, text in given]
    event = Event({})
    del event.fields["@version"]
    if Matching(expressions={"message": (_Given(captures, texts),)}).run(event):  # type: ignore[dict-item]
        stored = event.fields | ({"@metadata": event.metadata} if event.metadata else {})
        assert json.loads(captures_printer(captures)(texts)) == json.loads(to_json(stored))


@dataclass
class _Given:
    """Stands for an expression that captures what it is given."""

    captures: list[Capture]
    texts: list[str | None]

    def match(self, text: str, *, deadline: float | None = None) -> list[tuple[str, Any]]:
        return [
            (
                capture.field,
                capture.convert(text) if text is not None and capture.convert else text,
            )
            for capture, text in zip(self.captures, self.texts, strict=True)
        ]


@given(NUMBERS)
def test_numbers_are_printed_as_though_they_had_been_converted(text: str) -> None:
    for kind, convert in (("int", to_i), ("float", to_f)):
        assert (
            captures_printer([Capture("n", 1, kind)])([text])
            == f'{{"n":{to_json(convert(text))}}}'
        )


def test_an_empty_number_is_zero_and_an_absent_one_is_not_there() -> None:
    expression = r"(?<n:a:int>\d*)(?:=(?<n:b:float>\d*))?(?<c>x?)$"
    lines = "=\n12\n=5\nx\n"
    assert matched(expression, lines=lines) == [
        {"a": 0, "b": 0.0},
        {"a": 12},
        {"a": 0, "b": 5.0},
        {"a": 0, "c": "x"},
    ]


def test_an_integer_of_any_length_is_printed() -> None:
    for digits in ("9" * 5000, "0" + "9" * 5000):
        assert grok("match", "%{INT:n:int}", lines=digits).stdout == f'{{"n":{"9" * 5000}}}\n'


def test_a_match_that_takes_for_ever_is_given_up_and_the_next_line_is_matched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_matchers, "_SECONDS", 0.1)
    lines = f"{'a' * 40}b!\naab\n{'a' * 40}b!\nab\n"
    result = grok("match", "^(?<x>(?:a|a)*)b$", lines=lines)
    assert result.stdout == 'null\n{"x":"aa"}\nnull\n{"x":"a"}\n'
    assert result.stderr == (
        "standard input:1: timeout after 0.1 seconds\n"
        "standard input:3: timeout after 0.1 seconds\n"
    )


def test_lines_are_counted_over_all_that_is_read_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_streams, "_BLOCK", 4)
    monkeypatch.setattr(_matchers, "_SECONDS", 0.1)
    result = grok("match", "^(?<x>(?:a|a)*)b$", lines=f"b\nab\nb\n{'a' * 40}b!\nx")
    assert result.stdout == '{}\n{"x":"a"}\n{}\nnull\nnull\n'
    assert result.stderr == "standard input:4: timeout after 0.1 seconds\n"

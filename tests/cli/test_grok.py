"""``toolkit grok``: captures as Logstash stores them, and where an expression stops."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from toolkit.cli import main
from toolkit.cli.grok._captures import printing
from toolkit.logstash.event import Event
from toolkit.logstash.grok import Capture, Expression, shipped_definitions
from toolkit.logstash.grok.matching import Matching

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
        (["match", "a", "--engine", "x"], 2, "there are re, machine, pygrok"),
        (["match", "%{WORD:[a][b]}", "--engine", "pygrok"], 3, "pygrok has no opinion"),
        (["match", "a", "--patterns", "nowhere"], 2, "the definitions in `nowhere` cannot"),
        (["match", r"\Ka(?~b)", "--engine", "re"], 3, "`re` does not keep the meaning of"),
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
    ["a", "b", "c.d", "[a]", "[x][y]", "[x][z]", "[x][y][w]", "[@metadata][t]"]
)
VALUES = (
    st.none()
    | st.text('xé"\\\x1b', max_size=3)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)


@given(st.lists(st.tuples(FIELDS, VALUES), max_size=6))
def test_captures_are_printed_as_the_filter_stores_them(captures: list[tuple[str, Any]]) -> None:
    event = Event({})
    del event.fields["@version"]
    expected: Any = {}
    matching = Matching(expressions={"message": (_Given(captures),)})  # type: ignore[dict-item]
    if matching.run(event):
        expected = event.fields | ({"@metadata": event.metadata} if event.metadata else {})
        shown = printing([Capture(field, 0) for field, _ in captures])
        assert json.loads(shown([value for _, value in captures])) == expected


class _Given:
    """Stands for an expression that captures what it is given."""

    def __init__(self, captures: list[tuple[str, Any]]) -> None:
        self.captures = captures

    def match(self, text: str, *, deadline: float | None = None) -> list[tuple[str, Any]]:
        return self.captures


def test_values_come_in_the_order_of_the_captures() -> None:
    expression = Expression("%{INT:a:int}(?<b>x)?-%{WORD:c}", shipped_definitions(ecs=True))
    values = expression.values("7x-y") or []
    fields = [capture.field for capture in expression.captures]
    assert dict(zip(fields, values, strict=True)) == {"a": 7, "b": "x", "c": "y"}

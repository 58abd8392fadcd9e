"""No text can forge a line or a field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lines import Value, render
from tests.app.reading import Line, read_lines

ANYTHING = st.text() | st.sampled_from(
    [
        "a b",
        "/ status=500",
        '"quoted"',
        "100%25",
        "\r\n2026-01-10 00:45:12 INFO Root endpoint accessed",
        "\x1b[31mred",
        "\u2028\x85\x0b\x0c",
        "\ud800",
    ]
)
NAMES = st.sampled_from(["method", "path", "request_id"])
FORGED = "2026-01-10 00:45:12 INFO Root endpoint accessed method=GET"


def test_the_promised_form() -> None:
    fields: dict[str, Value] = {
        "method": "GET",
        "path": b"/",
        "status": 200,
        "latency_ms": "3.214",
        "request_id": "4f9c",
    }
    assert render(1768005912.9, "INFO", "Root endpoint accessed", fields) == (
        "2026-01-10 00:45:12 INFO Root endpoint accessed"
        " method=GET path=/ status=200 latency_ms=3.214 request_id=4f9c"
    )


@given(
    st.integers(0, 4102444800),
    ANYTHING,
    st.dictionaries(NAMES, ANYTHING | st.binary() | st.integers()),
)
def test_a_line_reads_back_as_it_was_written(
    seconds: int, message: str, fields: dict[str, Value]
) -> None:
    line = render(seconds, "INFO", message, fields)
    assert line.isascii()
    assert line.isprintable()
    assert read_lines(line) == [
        Line(
            datetime.fromtimestamp(seconds, UTC),
            "INFO",
            message.encode(errors="backslashreplace").decode(),
            {
                name: value
                if isinstance(value, bytes)
                else str(value).encode(errors="backslashreplace")
                for name, value in fields.items()
            },
        )
    ]


@given(st.lists(ANYTHING | st.just(FORGED)).map("\n".join))
def test_a_traceback_stays_with_its_line(traceback: str) -> None:
    lines = render(0, "ERROR", "Unhandled exception", {"pid": 1}, traceback).split("\n")
    assert all(line.isprintable() for line in lines)
    (record,) = read_lines("\n".join(lines))
    assert list(record.traceback) == lines[1:]
    assert len(lines) == 1 + sum(line != "" for line in traceback.split("\n"))


@pytest.mark.parametrize("forged", [FORGED, f"boom\n{FORGED}"])
def test_an_exception_cannot_start_a_line(forged: str) -> None:
    written = render(
        0, "ERROR", "Unhandled exception", {"pid": 1}, f"ValueError: {forged}\n{forged}"
    )
    assert len(read_lines(written)) == 1
    assert f"\n {FORGED}" in written

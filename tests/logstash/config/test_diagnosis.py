"""A syntax error is reported where it was made, and Logstash's words go along."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.logstash.config import fault_of, fits
from toolkit.logstash.config.diagnosis.mistakes import Mistake, read_mistakes
from toolkit.logstash.config.treetop import report

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").iterdir())
ROWS = [row for rows in read_mistakes().values() for row in rows]
MISTAKES = (HERE / "mistakes.txt").read_text("utf-8").removesuffix("\n").split("\n----\n")


@pytest.mark.parametrize("folder", INVALID, ids=lambda folder: folder.name)
def test_what_logstash_refuses_to_compile_is_refused_at_the_true_place(
    folder: Path, update: bool
) -> None:
    finding = fault_of((folder / "pipeline.conf").read_text("utf-8"))
    output, expected = f"{finding.where} {finding.what}\n{finding.fix}\n", folder / "finding.txt"
    if update:
        expected.write_text(output, "utf-8")
    assert output == expected.read_text("utf-8")


@pytest.mark.parametrize("folder", INVALID, ids=lambda folder: folder.name)
def test_logstashs_own_message_is_repeated_word_for_word(folder: Path) -> None:
    text = (folder / "pipeline.conf").read_text("utf-8")
    recorded = (folder / "error.txt").read_text("utf-8")
    message = re.search(r"^message: (Expected .*)\Z", recorded, re.MULTILINE | re.DOTALL)
    said = report(text)
    if message is None:
        assert said is None
        return
    assert said is not None
    assert said.message.rstrip() == message[1].rstrip()
    finding = fault_of(text)
    assert said.summary in finding.why
    place = re.search(r"at line (\d+), column (\d+)", message[1])
    assert place is not None
    own = next(mark.where for mark in finding.marks if mark.label == "Logstash reports")
    assert (str(own.line), str(own.column)) == place.groups()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.example)
def test_the_example_of_a_mistake_is_reported_as_that_mistake(row: Mistake) -> None:
    finding = fault_of(row.example)
    assert fits(finding.what, row.what)
    assert fits(finding.fix, row.fix)


@pytest.mark.parametrize("marked", MISTAKES)
def test_a_mistake_is_found_where_it_is_marked(marked: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    start = marked.index("«")
    finding = fault_of(text)
    end = marked.index("»") - 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    assert (finding.where.line, finding.where.column, finding.where.width) == (
        text.count("\n", 0, start) + 1,
        column,
        max(1, end - start),
    ), finding.what


@pytest.mark.parametrize("text", ["${MYSQL_URI}", "${HOST:db}:5432", "logs-%{[service][name]}-x"])
def test_text_with_a_variable_or_field_is_put_in_quotes_whole(text: str) -> None:
    finding = fault_of(f"output {{ elasticsearch {{ user => {text} }} }}")
    assert (finding.what, finding.fix) == (
        f"`{text}` needs quotes",
        f'put it in quotes: `"{text}"`.',
    )

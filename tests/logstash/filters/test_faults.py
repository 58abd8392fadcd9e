"""Every fault in the options of filters has an example, and the example has the fault."""

from __future__ import annotations

import pytest

from tests.logstash.config import fits, parsed
from toolkit.errors import PipelineError, Unsupported
from toolkit.findings import Finding
from toolkit.logstash.filters import Context
from toolkit.logstash.options import OptionTexts
from toolkit.logstash.pipeline.compiler import compile as compile_pipeline

ROWS = {**OptionTexts("toolkit.logstash").rows, **OptionTexts("toolkit.logstash.filters").rows}


FILES = {"/keys.yml": b"1: one", "/keys.csv": b'"not closed'}


def read_file(name: str) -> bytes:
    if name not in FILES:
        raise FileNotFoundError(2, "No such file or directory", name)
    return FILES[name]


def faults_of(text: str) -> tuple[Finding, ...]:
    context = Context(clock=lambda: 0, read_file=read_file, list_files=lambda pattern: [])
    try:
        return compile_pipeline(parsed(f"filter {{ {text} }}"), context).unsupported
    except (PipelineError, Unsupported) as error:
        return error.findings


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_example_of_a_fault_has_it(name: str) -> None:
    row = ROWS[name]
    found = [
        each
        for each in faults_of(row["example"])
        if fits(each.what, row["what"]) and fits(each.fix, row["fix"])
    ]
    assert [each.kind for each in found[:1]] == [row.get("kind", "")]
    assert "Logstash reports: " in found[0].why or "logstash" not in row

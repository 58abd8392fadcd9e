"""Escapes and variables of the environment, where Logstash decodes them and where not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from toolkit.errors import PipelineError
from toolkit.logstash.config import parse
from toolkit.logstash.config.nodes import Array, String, walk
from toolkit.logstash.source import Source

ENVIRONMENT = {"A": "1", "QUOTED": "'x'", "AGAIN": "${A}", "EMPTY": ""}


def strings(text: str, **options: Any) -> list[str]:
    tree = parse([Source("pipeline.conf", text)], **options)
    return [node.value for node in walk(tree) if isinstance(node, String)]


def option(text: str, environment: Mapping[str, str] = ENVIRONMENT) -> list[str]:
    return strings(f"filter {{ mutate {{ x => {text} }} }}", environment=environment)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        (r"a\tb\nc\rd\0e", "a\tb\nc\rd\0e"),
        (r"\\ \" \'", "\\ \" '"),
        (r"\x \/ \d", r"\x \/ \d"),
        (r"\\n", r"\n"),
    ],
)
def test_escapes_are_decoded_on_demand(raw: str, meant: str) -> None:
    text = f'filter {{ mutate {{ x => "{raw}" }} if [a] == "{raw}" or [a] =~ "{raw}" {{ }} }}'
    assert strings(text) == [raw] * 3
    assert strings(text, support_escapes=True) == [meant] * 3


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('"${A}"', ["1"]),
        ('"pre-${A}-${B:mid}-post"', ["pre-1-mid-post"]),
        ('"${B:a:b}"', ["a:b"]),
        ('"${B:}"', [""]),
        ('"${A:other}"', ["1"]),
        ('"${EMPTY:other}"', [""]),
        ('"${B:%{message}}"', ["%{message}"]),
        ('"{A} $A ${1A} ${}"', ["{A} $A ${1A} ${}"]),
        ('{ "${A}" => "${A}" }', ["${A}", "1"]),
        ('["${A}", ["${A}"]]', ["1", "1"]),
        ('"${AGAIN}"', ["1"]),
        ('"${QUOTED}"', ["'x'"]),
        ("\"'${A} b'\"", ["1 b"]),
        ("\"[${A}, '${B:2}']\"", ["1", "2"]),
    ],
)
def test_variables_in_options(text: str, meant: list[str]) -> None:
    assert option(text) == meant


def test_text_around_variables_can_make_an_array() -> None:
    tree = parse([Source("a", 'output { stdout { x => "[${A},2]" } }')], environment=ENVIRONMENT)
    assert any(isinstance(node, Array) and len(node.values) == 2 for node in walk(tree))


def test_a_condition_fills_in_what_is_one_variable_and_no_pattern() -> None:
    text = 'filter { if [a] == "${A}" or [a] in ["${A}", "x${A}"] or [a] =~ "${A}" { } }'
    assert strings(text, environment=ENVIRONMENT) == ["1", "1", "x${A}", "${A}"]


def test_behind_a_condition_options_are_options_again() -> None:
    text = 'filter { if [a] == "b" { mutate { x => "a${A}" } } }'
    assert strings(text, environment=ENVIRONMENT) == ["b", "a1"]


@pytest.mark.parametrize("text", ['mutate { x => "a ${NO} b" }', 'if [a] == "${NO}" { }'])
def test_a_variable_without_value_is_an_error(text: str) -> None:
    with pytest.raises(PipelineError) as caught:
        strings(f"filter {{ {text} }}")
    (finding,) = caught.value.findings
    where = finding.where
    assert where.column is not None
    assert where.excerpt[where.column - 1 :].startswith("${NO}")
    assert where.width == len("${NO}")

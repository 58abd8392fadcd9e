"""The shipped pattern sets, their notation, and files of patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources

import pytest

from tests import conformance
from toolkit.logstash.grok import Expression, parse_definitions, shipped_definitions
from toolkit.logstash.grok.definitions import bundled_definitions
from toolkit.logstash.grok.expansion import expand
from toolkit.logstash.grok.notation import read_blocks, read_definitions, rename

OURS = resources.files("toolkit.logstash.grok") / "patterns"


@pytest.mark.parametrize(
    ("text", "definitions"),
    [
        ("A x+\nB  y z \r\n", {"A": "x+", "B": "y z "}),
        ("# comment\n  # another\n\n\t\nA x # no comment\n", {"A": "x # no comment"}),
        ("A one\nA two", {"A": "two"}),
        ("  A x", {"A": "x"}),
        ("ALONE\nEND", {"ALONE": ""}),
        ("A-B.c x", {"A-B.c": "x"}),
    ],
)
def test_files_of_patterns(text: str, definitions: dict[str, str]) -> None:
    assert parse_definitions(text) == definitions


def test_pieces_are_joined_as_the_notation_says() -> None:
    text = 'A x\n    y\n     z\n# comment\nB "\\t"\n    %{A}\n    %{-|A:b}\nC\n    c\n'
    assert read_definitions(text) == {"A": "xy z", "B": r"%{A}\t(?:-|%{A:b})", "C": "c"}


@pytest.mark.parametrize("ecs", [False, True])
def test_every_shipped_pattern_is_made_of_shipped_patterns(*, ecs: bool) -> None:
    definitions = shipped_definitions(ecs=ecs)
    for name in definitions:
        expand(f"%{{{name}}}", definitions)


@pytest.mark.parametrize("ecs", [False, True])
@pytest.mark.parametrize("name", ["COMBINEDAPACHELOG", "HAPROXYHTTP", "SYSLOG5424LINE", "URN"])
def test_shipped_patterns_compile(name: str, *, ecs: bool) -> None:
    Expression(f"%{{{name}}}", shipped_definitions(ecs=ecs))


def test_columns_are_joined_and_the_last_of_them_may_be_absent() -> None:
    text = (
        'A ", "\n    INT a b:int\n    (?<c>x)\n    ?\n    -|INT d\n    IN %{INT:e}\n    ?\n    f\n'
    )
    assert read_definitions(text) == {
        "A": "%{INT:a}, %{INT:b:int}, (?<c>x)(?:, (?:-|%{INT:d}), IN %{INT:e})?(?:, f)?"
    }


def test_a_definition_is_made_of_others() -> None:
    text = (
        'X_A "/"\n    INT a\n    INT b\nX_B %{X_A}|-\nC %{-|X_B}\n'
        'D < X_A\n    a -|NUMBER:d\n    "%{INT:b}" "b"\n'
    )
    assert read_definitions(text) == {
        "C": "(?:-|(?:(?:%{INT:a}/%{INT:b})|-))",
        "D": "(?:-|%{NUMBER:d})/b",
    }


def test_a_pattern_is_made_of_another_before_its_captures_are_renamed() -> None:
    definitions = {"OLD": "%{INT:a} %{INT:b}"}
    table = 'NEW < OLD\n    a c\n*\n    "} %" "}-%"\n'
    assert rename(definitions, table) == {
        "OLD": "%{INT:a}-%{INT:b}",
        "NEW": "%{INT:c}-%{INT:b}",
    }


@pytest.mark.parametrize("table", ["legacy-changed", "ecs-v1-renamed"])
def test_every_line_of_a_table_changes_something(table: str) -> None:
    older = bundled_definitions() if table == "legacy-changed" else shipped_definitions(ecs=False)
    idle = [
        (header, line)
        for header, lines in read_blocks((OURS / table).read_text("utf-8"))
        for line in lines
        if rename(older, f"{header}\n    {line}\n") == rename(older, f"{header}\n")
    ]
    assert idle == []


def test_every_edit_of_a_definition_changes_something() -> None:
    blocks = list(read_blocks((OURS / "ecs-v1").read_text("utf-8")))
    for place, (header, lines) in enumerate(blocks):
        for line in lines if " < " in header else ():
            others = [each for each in lines if each != line]
            edited = [*blocks[:place], (header, others), *blocks[place + 1 :]]
            assert read_definitions(write(edited)) != read_definitions(write(blocks)), line


def write(blocks: list[tuple[str, list[str]]]) -> str:
    return "".join(
        f"{header}\n" + "".join(f"    {line}\n" for line in lines) for header, lines in blocks
    )


def test_the_ecs_set_knows_every_pattern_of_the_legacy_set() -> None:
    assert shipped_definitions(ecs=False).keys() < shipped_definitions(ecs=True).keys()


def test_no_capture_of_the_ecs_set_has_a_legacy_name() -> None:
    plain = {"timestamp", "message"}
    for name, definition in shipped_definitions(ecs=True).items():
        fields = re.findall(r"%\{\w+:([^}:]+)|\(\?<([a-z][^>:]*)>", definition)
        names = {field or group for field, group in fields}
        assert {field for field in names if not field.startswith("[")} <= plain, name


def groups(name: str, definitions: Mapping[str, str]) -> list[str]:
    regex = expand(f"%{{{name}}}", definitions).regex
    return re.findall(r"\(\?<(?![=!])([^>]*)>", regex)


@pytest.mark.parametrize(("ecs", "folder"), [(False, "legacy"), (True, "ecs-v1")])
def test_upstream_has_the_same_patterns_with_the_same_captures(*, ecs: bool, folder: str) -> None:
    root = conformance.upstream()
    if root is None:
        pytest.skip(conformance.NO_UPSTREAM)
    upstream: dict[str, str] = {}
    for file in sorted((root / "patterns" / folder).iterdir()):
        upstream |= parse_definitions(file.read_text("utf-8"))
    ours = shipped_definitions(ecs=ecs)
    assert ours.keys() == upstream.keys()
    for name in upstream:
        assert groups(name, ours) == groups(name, upstream), name

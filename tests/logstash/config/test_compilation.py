"""What parses and does not compile."""

from __future__ import annotations

import pytest

from tests.logstash.config import fault_of, fits, parsed
from toolkit.errors import PipelineError
from toolkit.logstash.config.faults import FaultTexts

ROWS = FaultTexts("toolkit.logstash.config").rows
PARSED = sorted(
    ROWS.keys()
    - {"outdated-option", "deep-brackets", "many-operands", "missing-in-ecs", "missing-since-ecs"}
)
"""Faults that parsing finds, and that an example of one line shows."""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('mutate { x => { "a" => 1 "a" => 2 } }', 'duplicate key `"a"` in a hash'),
        ("mutate { x => 9223372036854775808 }", "`9223372036854775808` is not a valid number"),
        ("mutate { x => -9223372036854775809 }", "`-9223372036854775809` is not a valid number"),
        ("mutate { x => 08 }", "`08` is not a valid number"),
        ("mutate { x => 1. }", "`1.` is not a valid number"),
        ("if foo([a]) { }", "`foo(…)` is called"),
        ("if 5 =~ /x/ { }", "a number or an array is matched by a regular expression"),
        ('if [a] == ["x", "y"] { }', "an array is compared by `==`, expected `in`"),
        ("if [a] == /x/ { }", "a regexp is compared by `==`, expected `=~`"),
        ("if [a] in /x/ { }", "a regexp is searched by `in`"),
        ('if ["x", "y"] in [a] { }', "an array is searched for by `in`"),
        (
            'if [a] and "x" { }',
            "a constant is the operand of `and`, `or` or `!`, expected a condition",
        ),
        ('if !("x") { }', "a constant is the operand"),
        ("if [a] xor [b] xor [c] { }", "`xor` or `nand` is combined with other operators"),
        ("if [a] or [b] nand [c] { }", "`xor` or `nand` is combined with other operators"),
        (
            "mutate { id => a1 id => b1 } drop { id => 'x' } drop { id => \"x\" }",
            "two plugins have the id `x`",
        ),
    ],
)
def test_faults_of_compilation(text: str, what: str) -> None:
    assert fault_of(f"filter {{ {text} }}").what.startswith(what)


def test_two_codecs() -> None:
    fault = fault_of("output { if [a] { stdout { codec => json codec => plain } } }")
    assert fault.what == "`stdout` has 2 codecs, expected one"


@pytest.mark.parametrize(
    "text",
    [
        "mutate { x => { \"a\" => 1 'a' => 2 } }",
        "mutate { x => 9223372036854775807 y => -9223372036854775808 z => 1.5 }",
        'if "x" { } else if 5 { } else if "x" =~ /y/ { } else if "a" in ["a", "b"] { }',
        "if ([a] xor [b]) xor [c] { }",
        "if ([a]) and !([b] nand [c]) { }",
        "json { codec => a1 codec => b1 }",
    ],
)
def test_odd_things_that_compile(text: str) -> None:
    parsed(f"filter {{ {text} }}")


def test_all_faults_are_reported_in_the_order_of_the_text() -> None:
    with pytest.raises(PipelineError) as caught:
        parsed('filter { mutate { x => "${NO}" y => 08 } if [a] nand [b] or [c] { } }')
    columns = [finding.where.column for finding in caught.value.findings]
    assert columns == sorted(columns, key=lambda column: column or 0)
    assert len(columns) == 3


@pytest.mark.parametrize("name", PARSED)
def test_the_example_of_a_fault_has_that_fault(name: str) -> None:
    row, found = ROWS[name], fault_of(ROWS[name]["example"])
    assert all(fits(getattr(found, part), row[part]) for part in ("what", "fix"))
    assert row.get("logstash", "").partition("$")[0] in found.why

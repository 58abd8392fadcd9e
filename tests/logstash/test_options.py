"""Options are decoded, and refused, as Logstash does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pytest

from toolkit.logstash.filters import Filter
from toolkit.logstash.options import Array, FieldReference, Hash, OptionError, Strings, decode


@dataclass(frozen=True, kw_only=True)
class Sample(Filter):
    """A filter with an option of each type."""

    plugin: ClassVar[str] = "sample"
    emulates: ClassVar[str] = "0"
    unsupported: ClassVar[frozenset[str]] = frozenset({"later"})

    text: str
    number: int = 0
    flag: bool = False
    names: Strings = ()
    items: Array = ()
    pairs: Hash | None = None
    target: FieldReference | None = None
    mode: Literal["fast", "slow"] = "fast"
    later: str | None = None


def sample(**values: Any) -> Sample:
    return decode(Sample, {"text": "t", **values})


def faults(**values: Any) -> list[tuple[str, str]]:
    with pytest.raises(OptionError) as caught:
        sample(**values)
    return [(fault.option, fault.kind) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("option", "given", "decoded"),
    [
        ("text", 5, "5"),
        ("text", 1.5, "1.5"),
        ("text", ["one"], "one"),
        ("number", 3, 3),
        ("number", "3", 3),
        ("number", "1.5", 1.5),
        ("number", ["7"], 7),
        ("flag", True, True),
        ("flag", "true", True),
        ("flag", "false", False),
        ("names", "one", ("one",)),
        ("names", ["a", 1], ("a", "1")),
        ("items", [1, "a"], (1, "a")),
        ("items", "a", ("a",)),
        ("mode", "slow", "slow"),
        ("target", "[a][b]", "[a][b]"),
    ],
)
def test_values_that_logstash_takes(option: str, given: Any, decoded: Any) -> None:
    assert getattr(sample(**{option: given}), option) == decoded


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("text", ["a", "b"]),
        ("text", {"a": "b"}),
        ("number", "3x"),
        ("number", "03"),
        ("number", True),
        ("flag", "maybe"),
        ("flag", 1.5),
        ("names", {"a": "b"}),
        ("pairs", ["a", "b", "c"]),
        ("pairs", "a"),
        ("target", "[a"),
        ("mode", "Slow"),
        ("mode", ["fast", "slow"]),
    ],
)
def test_values_that_logstash_refuses(option: str, given: Any) -> None:
    assert faults(**{option: given}) == [(option, "option-type")]


def test_a_hash_runs_in_javas_order_and_an_array_for_one_as_written() -> None:
    assert list((sample(pairs={"message": 1, "other": 2}).pairs or {}).items()) == [
        ("other", 2),
        ("message", 1),
    ]
    assert list((sample(pairs=["message", 1, "other", 2, "message", 3]).pairs or {}).items()) == [
        ("message", [1, 3]),
        ("other", 2),
    ]


def test_every_fault_is_reported() -> None:
    with pytest.raises(OptionError) as caught:
        decode(Sample, {"txt": "t", "flag": "maybe", "frobnicate": 1, "later": "x"})
    assert [(fault.option, fault.kind, fault.fix) for fault in caught.value.faults] == [
        ("txt", "unknown-option", "did you mean `text`?"),
        ("flag", "option-type", "give `flag` a value that `sample` accepts."),
        ("frobnicate", "unknown-option", "remove `frobnicate`."),
        (
            "later",
            "unsupported-option",
            "run this pipeline without `later`, or with real Logstash.",
        ),
        ("text", "missing-option", "add `text => …`."),
    ]
    assert [fault.unsupported for fault in caught.value.faults] == [False] * 3 + [True, False]
    assert caught.value.faults[0].logstash == "Unknown setting 'txt' for sample"


def test_common_options_are_known() -> None:
    assert sample(add_tag="x", id="one").add_tag == ("x",)

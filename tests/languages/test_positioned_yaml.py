"""YAML is read as the programs read it that our files are for, within bounds, with positions."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.languages.kubectl import RECORDED, SCALARS, TEXTS, asked, scalars
from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.kubernetes.manifests import parse_manifests, read_manifests
from toolkit.languages.bounds import DEEPEST, LARGEST, MOST
from toolkit.languages.positioned import Positioned
from toolkit.languages.positioned_yaml import read_document, read_documents
from toolkit.languages.yaml_dialects import CONTRACT, GO_YAML_2, GO_YAML_3, KUBECTL, Dialect

RECORD = json.loads(RECORDED.read_text("utf-8"))
DIALECTS = {"contract": CONTRACT, "2": GO_YAML_2, "3": GO_YAML_3, "kubectl": KUBECTL}


def read(text: str, dialect: Dialect = KUBECTL) -> Positioned:
    return read_document(text, "x.yml", dialect, what="the file")


def ours(text: str) -> list[Any] | None:
    """The objects, where nothing else is in the text."""
    found, others, faults = read_manifests(text, source="m.yaml")
    whole = not others and not faults and all(each.kind for each in found)
    return [each.body for each in found] if whole else None


def exact(value: Any) -> Any:
    """So that 1 and true differ, and whole numbers beyond 64 bits are as JSON in Go has them."""
    match value:
        case dict():
            return {key: exact(each) for key, each in value.items()}
        case list():
            return [exact(each) for each in value]
        case bool() | str() | None:
            return repr(value)
        case _:
            return float(value)


@pytest.mark.parametrize("at", range(len(SCALARS)), ids=[repr(each) for each in SCALARS])
def test_scalars_are_what_kubectl_makes_of_them(at: int) -> None:
    (found,) = parse_manifests(scalars(), source="m.yaml")
    assert exact(found.get("data", f"s{at}")) == exact(RECORD["scalars"][at])


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_read_or_refused_as_kubectl_does(name: str) -> None:
    assert exact(ours(TEXTS[name])) == exact(RECORD[name])


@pytest.mark.parametrize("name", TEXTS)
def test_kubectl_still_says_what_was_recorded(name: str) -> None:
    assert asked(TEXTS[name]) == RECORD[name]


@pytest.mark.parametrize(
    ("dialect", "text", "value"),
    [
        (CONTRACT, "[yes, Off, y]", [True, False, "y"]),
        (GO_YAML_2, "[yes, Off, y]", [True, False, True]),
        (GO_YAML_3, "[yes, Off, True]", ["yes", "Off", True]),
        (CONTRACT, "{<<: {a: 1}}", {"<<": {"a": 1}}),
        (GO_YAML_3, "{a: 0, <<: {a: 1, b: 2}}", {"a": 0, "b": 2}),
        (GO_YAML_3, "{<<: [{a: 1}, {a: 2, b: 2}], b: 3}", {"a": 1, "b": 3}),
        (CONTRACT, "{yes: 1, 010: 2, ~: 3}", {"yes": 1, "010": 2, "~": 3}),
        (CONTRACT, "[.inf, 2026-01-10, 10:30]", [float("inf"), "2026-01-10", "10:30"]),
        (CONTRACT, "", None),
        (CONTRACT, "---\n# nothing\n---\na: 1\n---\n", {"a": 1}),
        (CONTRACT, "%YAML 1.1\n---\na: 1\n", {"a": 1}),
    ],
    ids=repr,
)
def test_each_program_has_its_dialect(dialect: Dialect, text: str, value: Any) -> None:
    assert read(text, dialect).value == value


def meant(where: Location) -> str:
    start = (where.column or 1) - 1
    return f"{where.line}:{where.column} {where.excerpt[start : start + where.width]}"


def test_keys_items_and_values_have_places_whatever_ends_a_line() -> None:
    for end in ("\n", "\r\n"):
        text = "\ufeffé: 1\nspec:\n  - {name: 'ä', x: &x [1, 2]}\n  - |\n    z\n  - *x\n"
        found = read(text.replace("\n", end))
        assert meant(found.locate_key("spec", 0, "name")) == "3:6 name"
        assert meant(found.locate("spec", 0, "name")) == "3:12 'ä'"
        assert meant(found.locate("spec", 1)) == "4:5 |"
        assert meant(found.locate("spec", 2, 1)) == "3:27 2"
        nearest = found.locate_key("spec", 0, "none", "at all")
        assert meant(nearest) == "3:5 {name: 'ä', x: &x [1, 2]}"
        assert (found.raw("é"), found.raw("spec", 0), found.has("spec", 3)) == ("1", "", False)


def test_a_key_that_is_there_already_is_noted_but_not_one_that_is_merged() -> None:
    found = read("a: {b: 1, b: 2}\nc: &c {d: 1}\ne: {<<: *c, d: 2}\na: 3\n")
    assert [(path, str(where)) for path, where in found.duplicates] == [
        (("a", "b"), "x.yml:1:11"),
        (("a",), "x.yml:4:1"),
    ]
    assert found.value["a"] == 3


def test_a_broken_document_does_not_keep_the_others_from_being_read() -> None:
    found = read_documents(
        "a: 1\n---\nb: [\n---\nc: 'x\n--- # d\nd: 4\n", "x.yml", KUBECTL, what="it"
    )
    assert [each.value for each in found.found] == [{"a": 1}, {"d": 4}]
    assert [str(each.where) for each in found.faults] == ["x.yml:4:1", "x.yml:6:1"]


def _laughs(levels: int, width: int) -> str:
    lines = [f"a0: &a0 [{', '.join('x' * width)}]"]
    for level in range(1, levels):
        repeated = ", ".join([f"*a{level - 1}"] * width)
        lines.append(f"a{level}: &a{level} [{repeated}]")
    return "\n".join(lines)


def _chain(levels: int) -> str:
    first = "a0: &a0 [x]\n"
    return first + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, levels))


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (_laughs(9, 9), "6:20", "holds more than"),
        (_laughs(30, 2), "16:18", "holds more than"),
        ("[" + "x," * MOST + "]", "1:500000", "holds more than"),
        ("[" * (DEEPEST + 1), "1:101", "levels deep"),
        ("[" * 50_000, "1:1001", "levels deep"),
        ("- " * 900, "1:201", "levels deep"),
        ("\n".join("  " * n + "a:" for n in range(900)), "101:201", "levels deep"),
        (_chain(DEEPEST), "100:12", "levels deep"),
        ("a: b\n" * (LARGEST // 5 + 1), "1:1", "characters, more than"),
    ],
    ids=lambda each: repr(each)[:24],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_would_cost_too_much_is_refused(
    text: str, where: str, what: str, dialect: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(text, DIALECTS[dialect])
    assert what in caught.value.finding.what
    assert str(caught.value.finding.where) == f"x.yml:{where}"


def test_what_is_just_within_the_bounds_is_read_and_not_copied() -> None:
    read("[" * DEEPEST + "]" * DEEPEST)
    read(_chain(DEEPEST - 1))
    found = read(_laughs(5, 10)).value
    assert all(each is found["a3"] for each in found["a4"])


_TEXT = st.text(alphabet="akey: 10\n-{}[]&*!'\"|>?#%@,<=.\t~é😀\x00\x85\ud800\ufeff", max_size=60)


@given(_TEXT, st.sampled_from([*DIALECTS.values()]))
def test_no_text_raises_anything_but_input_errors(text: str, dialect: Dialect) -> None:
    with suppress(InputError):
        read(text, dialect)
    for each in read_documents(text, "x.yml", dialect, what="the file").faults:
        assert each.where.line
        assert each.where.column


_DATA: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_DATA, st.booleans(), st.sampled_from([CONTRACT, GO_YAML_2, KUBECTL]))
def test_what_is_written_as_yaml_is_read_again(data: Any, flow: bool, dialect: Dialect) -> None:
    text = yaml.safe_dump([data], default_flow_style=flow, default_style='"')
    assert read(text, dialect).value == [data]
    assert read(json.dumps({"a": data}), KUBECTL).value == {"a": data}

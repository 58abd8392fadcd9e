"""Field references are legal or not as in Logstash's strict mode."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.event.fieldref import FieldError, Path, array_index, parse

NAMES = st.text(st.characters(exclude_characters="[]"), min_size=1)


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("a", Path((), "a")),
        ("", Path((), "")),
        ("a.b", Path((), "a.b")),
        ("[a]", Path((), "a")),
        ("[a][b][c]", Path(("a", "b"), "c")),
        ("[[a][b]][c]", Path(("a", "b"), "c")),
        ("[[a]][b]", Path(("a",), "b")),
        ("[@metadata][x]", Path((), "x", metadata=True)),
        ("@metadata", Path((), "@metadata")),
    ],
)
def test_legal_references(reference: str, path: Path) -> None:
    assert parse(reference) == path


@pytest.mark.parametrize(
    "reference",
    [
        "[a][b",
        "a[b]",
        "[a]b[c]",
        "[",
        "]",
        "[]",
        "[a]][b]",
        "[a[b]c]",
        "[a]b",
        "a]",
        "[[a][b]c][d]",
    ],
)
def test_ambiguous_references_are_refused(reference: str) -> None:
    with pytest.raises(FieldError):
        parse(reference)


@given(st.lists(NAMES, min_size=1))
def test_brackets_separate_any_names(names: list[str]) -> None:
    path = parse("".join(f"[{name}]" for name in names))
    assert path == (
        Path(tuple(names[1:-1]), names[-1], metadata=True)
        if names[0] == "@metadata" and len(names) > 1
        else Path(tuple(names[:-1]), names[-1])
    )


@given(st.text(st.sampled_from("[]a")))
def test_any_text_is_a_path_or_an_error(reference: str) -> None:
    with suppress(FieldError):
        assert set(parse(reference).name).isdisjoint("[]")


def test_an_index_counts_from_the_end_if_negative() -> None:
    items = ["a", "b", "c"]
    assert [array_index(name, items) for name in ("0", "-1", "+2", "9", "-9", "x", "1.0")] == [
        0, 2, 2, 9, -6, None, None,
    ]  # fmt: skip

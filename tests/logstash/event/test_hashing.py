"""Hash options are walked through in the order of Java's hash maps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from toolkit.logstash.event.hashing import java_ordered, string_hash


def test_strings_hash_as_in_java() -> None:
    assert [string_hash(text) for text in ("", "a", "Aa", "BB", "hello", "€😀")] == [
        0, 97, 2112, 2112, 99162322, 9810703,
    ]  # fmt: skip


def test_colliding_names_keep_the_order_of_insertion() -> None:
    assert list(java_ordered({"BB": 1, "Aa": 2})) == ["BB", "Aa"]
    assert list(java_ordered({"Aa": 2, "BB": 1})) == ["Aa", "BB"]


def test_more_than_twelve_entries_double_the_buckets() -> None:
    """``a`` is 97 and ``q`` 113: the same of 16 buckets, not the same of 32."""
    assert list(java_ordered(dict.fromkeys("bcdefghijkqa")))[:2] == ["q", "a"]
    assert list(java_ordered(dict.fromkeys("bcdefghijklqa")))[-1] == "q"


def test_a_map_made_to_measure_has_fewer_buckets() -> None:
    assert list(java_ordered(dict.fromkeys("ea"), capacity=2)) == ["e", "a"]
    assert list(java_ordered(dict.fromkeys("ea"))) == ["a", "e"]


@given(st.dictionaries(st.text(), st.integers()))
def test_order_is_all_that_changes(entries: dict[str, int]) -> None:
    assert java_ordered(entries) == entries

"""What `benchmarks.house` counts, on sources small enough to count by hand."""

from __future__ import annotations

from pathlib import Path

import grimp

from benchmarks.house import Rooms, Source, rooms, words

TEXT = '''\
"""What nobody reads.

It says so.
"""

# a comment that tells

LIMIT = 3
"""Whether it stands."""


def message(name: str) -> str:
    """Return a text."""
    return f"""{name} says

there are none"""  # twice


KEY = "says"
'''


def test_code_is_neither_blank_nor_comment_nor_docstring() -> None:
    source = Source(Path("a.py"), TEXT)
    assert (source.lines, source.code_lines) == (19, 5)


def test_words_count_in_documentation_and_messages_not_in_keys() -> None:
    assert dict(words([Source(Path("a.py"), TEXT)])) == {
        "say, tell": 3,
        "stand": 1,
        "is none": 1,
        "nobody, somebody": 1,
        "docstring: What …": 1,
        "docstring: Whether …": 1,
    }


def test_a_room_is_a_child_with_all_below_it() -> None:
    graph = grimp.ImportGraph()
    for module in ("p", "p.a", "p.a.x", "p.a.y", "p.b", "p.c", "other"):
        graph.add_module(module)
    for importer, imported in (
        ("p.a.x", "p.a.y"),
        ("p.a.x", "p.b"),
        ("p.a.y", "p.b"),
        ("p.b", "p.c"),
        ("other", "p.a"),
    ):
        graph.add_import(importer=importer, imported=imported)
    assert rooms(graph, "p") == Rooms(rooms=3, arrows=2, floors=3)

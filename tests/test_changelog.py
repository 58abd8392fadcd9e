"""Every change brings a fragment of a kind the changelog knows."""

from __future__ import annotations

from pathlib import Path

FRAGMENTS = Path(__file__).parents[1] / "changelog.d"


def test_fragments_are_of_a_known_kind_and_one_sentence_long() -> None:
    fragments = [path for path in FRAGMENTS.glob("*.md") if path.name != "README.md"]
    assert fragments
    for path in fragments:
        _, _, kind = path.stem.rpartition(".")
        assert kind in {"added", "changed", "fixed", "removed"}, path.name
        text = path.read_text("utf-8").strip()
        assert text.endswith("."), path.name
        assert "\n\n" not in text, path.name

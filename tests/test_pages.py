"""The generated files are those that `make docs` writes today."""

from __future__ import annotations

from functools import cache

import pytest

from docs.contract import EXAMPLE
from docs.pages import ROOT, pages
from toolkit.contract import parse_contract

NAMES = (
    "docs/checks.md",
    "docs/commands.md",
    "docs/conformance.md",
    "docs/contract.md",
    "toolkit/checks/examples.json",
)


@cache
def written() -> dict[str, str]:
    return dict(pages())


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_what_make_docs_writes(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == written()[name]


def test_every_generated_file_is_compared() -> None:
    assert tuple(written()) == NAMES


def test_the_example_of_every_key_is_a_contract() -> None:
    """That there is one of every key, the page itself demands."""
    parse_contract(EXAMPLE.read_text("utf-8"), source=EXAMPLE.name)

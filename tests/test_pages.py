"""The generated files are those that `make docs` writes today."""

from __future__ import annotations

import pytest

from docs.pages import ROOT, pages


@pytest.mark.parametrize(
    "name", ["docs/checks.md", "docs/conformance.md", "toolkit/checks/examples.json"]
)
def test_the_file_is_what_make_docs_writes(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == dict(pages())[name]

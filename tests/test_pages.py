"""The generated pages say what the code says today."""

from __future__ import annotations

import pytest

from docs.pages import FOLDER, pages


@pytest.mark.parametrize("name", ["checks.md", "conformance.md"])
def test_the_page_is_what_make_docs_writes(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == dict(pages())[name]

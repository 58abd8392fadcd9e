"""The generated pages say what the code says today."""

from __future__ import annotations

import pytest

from docs.pages import FOLDER, pages
from tests.conformance import recordings


@pytest.mark.parametrize("name", ["checks.md", "conformance.md"])
def test_the_page_is_what_make_docs_writes(name: str) -> None:
    if name == "conformance.md" and recordings() is None:
        pytest.skip("the recordings are not here: set CONFORMANCE_DIR")
    assert (FOLDER / name).read_text("utf-8") == dict(pages())[name]

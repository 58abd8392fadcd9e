"""``python -m docs`` writes the generated pages anew; ``make docs`` calls it."""

from __future__ import annotations

from docs.pages import ROOT, pages

if __name__ == "__main__":
    for name, text in pages():
        (ROOT / name).write_text(text, "utf-8")

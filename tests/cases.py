r"""Case files: Markdown in which each second-level heading is one case.

A fenced block stands for the file its info string names after the language, as in
```` ```yaml toolkit.yml ````. Four names stand for what a service did while it ran here:
``log``, ``before`` and ``after`` (expositions), ``exchanges``; one, ``elasticsearch``, for
what a server answers. The block ``report`` is what
people must see; ``pytest --update`` rewrites it and nothing else. A block of the language
``escaped`` holds Python's escapes, for what cannot be seen: ``\r``, ``\x1b``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

EXPECTED = "report"


@dataclass(frozen=True)
class Case:
    """One heading of a case file and the blocks under it."""

    path: Path
    title: str
    blocks: dict[str, str]
    expected_lines: tuple[int, int]
    """The lines of the file between the fences of the expected block."""

    def compare(self, output: str, *, update: bool) -> None:
        """Compare ``output`` with the expected block, or rewrite that block."""
        if not update:
            assert output == self.blocks[EXPECTED]
            return
        lines = self.path.read_text("utf-8").splitlines(keepends=True)
        first, last = self.expected_lines
        lines[first:last] = [output]
        self.path.write_text("".join(lines), "utf-8")
        # The tests that follow in this run read it, too.
        self.blocks[EXPECTED] = output


def read_cases(folder: Path) -> Iterator[Case]:
    """Every case of every Markdown file below ``folder``, in order."""
    for path in sorted(folder.rglob("*.md")):
        yield from reversed(list(_cases(path)))


def _cases(path: Path) -> Iterator[Case]:
    """The cases of a file; read backwards, rewriting one leaves the others' lines valid."""
    title, blocks, expected = "", dict[str, str](), (0, 0)
    tokens = MarkdownIt().parse(path.read_text("utf-8"))
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            if title:
                yield _case(path, title, blocks, expected)
            title, blocks = tokens[index + 1].content, {}
        elif token.type == "fence" and title:
            language, _, name = (part.strip() for part in token.info.partition(" "))
            assert name, f"{path}: a block under {title!r} names no file"
            assert name not in blocks, f"{path}: {name} stands twice under {title!r}"
            blocks[name] = _unescaped(token.content) if language == "escaped" else token.content
            if name == EXPECTED and token.map:
                expected = (token.map[0] + 1, token.map[1] - 1)
    if title:
        yield _case(path, title, blocks, expected)


def _unescaped(text: str) -> str:
    return text.encode("latin-1", "backslashreplace").decode("unicode-escape")


def _case(path: Path, title: str, blocks: dict[str, str], expected: tuple[int, int]) -> Case:
    assert EXPECTED in blocks, f"{path}: nothing is expected under {title!r}"
    assert "toolkit.yml" in blocks, f"{path}: there is no contract under {title!r}"
    return Case(path, title, blocks, expected)

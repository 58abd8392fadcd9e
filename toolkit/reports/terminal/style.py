"""Lines for a terminal: colour where wanted, no line too wide, no control characters."""

from __future__ import annotations

import os
import shutil
import textwrap
from dataclasses import dataclass
from typing import TextIO

from toolkit.findings import Location

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "bold": 1, "dim": 2}


@dataclass(frozen=True, slots=True)
class Style:
    """Width of the lines, and whether they are coloured."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, *names: str) -> str:
        """Return ``text`` in colours, if the style has colours."""
        if not self.colour or not names:
            return text
        codes = ";".join(str(_COLOURS[name]) for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"


def style_of(stream: TextIO) -> Style:
    """Return the style of a terminal, or 80 columns without colours; NO_COLOR, FORCE_COLOR win."""
    terminal = stream.isatty()
    colour = terminal and os.environ.get("TERM") != "dumb"
    if os.environ.get("FORCE_COLOR"):
        colour = True
    if os.environ.get("NO_COLOR"):
        colour = False
    width = shutil.get_terminal_size((80, 24)).columns if terminal else 80
    return Style(max(60, width), colour)


def paragraph(text: str, width: int, *, most: int) -> list[str]:
    """Wrap prose.

    Args:
        text: The text; its control characters are replaced.
        width: Maximum length of a line.
        most: Maximum number of lines; longer texts, such as foreign messages, are cut.
    """
    shown = visible(" ".join(text.split("\n")))
    lines = textwrap.wrap(shown, width, break_on_hyphens=False) or [""]
    if len(lines) > most:
        return [*lines[: most - 1], lines[most - 1][: width - 2] + " …"]
    return lines


def cut(text: str, room: int) -> str:
    """Return ``text`` in at most ``room`` characters, with an ellipsis if some are missing."""
    return text if len(text) <= room else text[: max(0, room - 1)] + "…" * (room > 0)


def window(where: Location, room: int) -> tuple[str, int, int]:
    """Return the part of a line around its caret, the column of the caret, and its width."""
    text, column = where.excerpt, where.column or 1
    if len(text) <= room:
        return visible(text), column, max(1, min(where.width, len(text) - column + 1))
    start = max(0, min(column - 1 - room // 3, len(text) - room))
    shown = visible(text[start : start + room])
    if start:
        shown = "…" + shown[1:]
    if start + room < len(text):
        shown = shown[:-1] + "…"
    at = column - start
    return shown, at, max(1, min(where.width, room - at + 1))


def visible(text: str) -> str:
    """Replace control characters, one for one."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return character if character.isprintable() else "�"

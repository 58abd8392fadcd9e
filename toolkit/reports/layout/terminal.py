"""Lines for a terminal: colour where wanted, excerpts with carets, no line too wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.findings import Finding, Location
from toolkit.reports.layout.effects import effect_line

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "bold": 1, "dim": 2}


@dataclass(frozen=True, slots=True)
class Style:
    """How wide lines may be, and whether they are coloured."""

    width: int = 80
    colour: bool = False

    def paint(self, text: str, *names: str) -> str:
        """Colour ``text``, if there is to be colour."""
        if not self.colour or not names:
            return text
        codes = ";".join(str(_COLOURS[name]) for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"


def parts(finding: Finding, style: Style) -> Iterator[str]:
    """The excerpt, the marks, why, effect and fix; the first line is the caller's."""
    yield from excerpt(finding.where, style)
    for mark in finding.marks:
        yield from _labelled(mark.label, str(mark.where), style)
        yield from excerpt(mark.where, style)
    yield from _labelled("why", finding.why, style)
    if finding.effect:
        yield from _labelled("effect", effect_line(finding.effect, style.width - 9), style)
    yield from _labelled("fix", finding.fix, style)


def paragraph(text: str, width: int, *, most: int) -> list[str]:
    """Wrap prose; what is longer than ``most`` lines is a value or a list somebody else made."""
    lines = textwrap.wrap(visible(" ".join(text.split("\n"))), width) or [""]
    if len(lines) > most:
        return [*lines[: most - 1], lines[most - 1][: width - 2] + " …"]
    return lines


def _labelled(label: str, text: str, style: Style) -> Iterator[str]:
    indent = " " * 7
    lines = paragraph(text, style.width - len(indent), most=4)
    gap = " " * max(1, len(indent) - 2 - len(label))
    yield "  " + style.paint(label, "bold") + gap + lines[0]
    yield from (indent + line for line in lines[1:])


def excerpt(where: Location, style: Style) -> Iterator[str]:
    """The line a location points into, with carets below what is meant."""
    if not where.excerpt.strip() or where.column is None:
        return
    number = "" if where.line is None else str(where.line)
    gutter = f"{number:>5} | "
    text, column, width = window(where, style.width - len(gutter))
    yield style.paint(gutter, "blue") + text
    carets = " " * (column - 1) + "^" * width
    yield style.paint(f"{'':>5} | ", "blue") + style.paint(carets, "yellow")


def window(where: Location, room: int) -> tuple[str, int, int]:
    """The part of the line around the caret that fits, with what is cut off marked."""
    text, column = visible(where.excerpt), where.column or 1
    if len(text) <= room:
        return text, column, max(1, min(where.width, len(text) - column + 1))
    start = max(0, min(column - 1 - room // 3, len(text) - room))
    shown = text[start : start + room]
    if start:
        shown = "…" + shown[1:]
    if start + room < len(text):
        shown = shown[:-1] + "…"
    at = column - start
    return shown, at, max(1, min(where.width, room - at + 1))


def visible(text: str) -> str:
    """One character for each, none of which moves the cursor."""
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

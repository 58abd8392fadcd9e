r"""Ruby's CSV parser, without its options for headers, blanks and liberal parsing.

As csv 3.2.5 of JRuby 9.4 does: each line is first just split at the separator; the first
line in which that cannot be right (a quote anywhere but around a cell, a line end within a
cell) and all after it are read character by character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from toolkit.logstash.event.values import is_unicode

Row: TypeAlias = "list[str | None]"
"""Cells: None for an empty one, ``""`` for a quoted empty one."""


class CsvError(ValueError):
    """The text is no CSV of this dialect, or there is no such dialect."""


class CsvDialect:
    r"""A separator (one character or more) and a quote (one character).

    >>> list(CsvDialect(",", "'").rows("a,,'it''s'\n\n'',d"))
    [['a', None, "it's"], [], ['', 'd']]
    """

    def __init__(self, separator: str, quote: str) -> None:
        self._separator, self._quote = separator, quote
        first, quote = re.escape(separator[:1]), re.escape(quote)
        self._valid = separator != "" and len(self._quote) == 1
        if self._valid:
            self._plain = re.compile(rf"[^\r\n{first}{quote}]+")
            self._quoted = re.compile(f"[^{quote}]+")
            self._quotes = re.compile(f"{quote}+")
            self._firsts = re.compile(f"{first}+")

    def rows(self, text: str) -> Iterator[Row]:
        """Yield one row a line; `CsvError` where a line is broken, and for bytes no UTF-8 has.

        Nothing is read ahead, so that what is wrong further down harms no earlier row.
        """
        if not self._valid or not is_unicode(text):
            raise CsvError("no dialect of CSV" if not self._valid else "no UTF-8")
        line_end, position = _line_end(text), 0
        while position < len(text):
            found = text.find(line_end, position)
            end = len(text) if found < 0 else found
            row = self._split(text[position:end])
            if row is None:
                yield from self._robust_rows(text, position, line_end)
                return
            yield row
            position = end + len(line_end)

    def _split(self, line: str) -> Row | None:
        """Split where nothing but quotes around whole cells is special; None if that fails."""
        if "\r" in line or "\n" in line:
            return None
        cells: Row = list(line.split(self._separator)) if line else []
        if self._quote not in line:
            return [cell or None for cell in cells]
        return self._unquote(cells)

    def _unquote(self, cells: Row) -> Row | None:
        quote = self._quote
        for index, cell in enumerate(cells):
            if not cell:
                cells[index] = None
            elif quote in cell:
                if cell.count(quote) != 2 or cell[0] != quote or cell[-1] != quote:
                    return None
                cells[index] = cell[1:-1]
        return cells

    def _robust_rows(self, text: str, position: int, line_end: str) -> Iterator[Row]:
        row: Row = []
        while True:
            cell, position = self._cell(text, position)
            if text.startswith(self._separator, position):
                row.append(cell)
                position += len(self._separator)
                continue
            at_end = position >= len(text)
            if not at_end and not text.startswith(line_end, position):
                raise CsvError("neither a separator nor the end of the line after a cell")
            empty = not row and cell is None
            if not (empty and at_end):
                yield [] if empty else [*row, cell]
            if at_end:
                return
            row = []
            position += len(line_end)

    def _cell(self, text: str, position: int) -> tuple[str | None, int]:
        if text.startswith(self._quote, position):
            return self._quoted_cell(text, position)
        plain = self._plain.match(text, position)
        if plain is None:
            return None, position
        end = plain.end()
        if len(self._separator) > 1:
            end = self._extend(text, end)
        return text[position:end], end

    def _extend(self, text: str, end: int) -> int:
        """Go on over what only begins like the separator."""
        while not text.startswith(self._separator, end):
            firsts = self._firsts.match(text, end)
            if firsts is None:
                break
            end = firsts.end()
            plain = self._plain.match(text, end)
            if plain is None:
                break
            end = plain.end()
        return end

    def _quoted_cell(self, text: str, position: int) -> tuple[str, int]:
        run, position = self._count_quotes(text, position)
        if run % 2 == 0:
            return self._quote * ((run - 2) // 2), position
        parts = [self._quote * (run // 2)]
        while True:
            inner = self._quoted.match(text, position)
            if inner:
                parts.append(inner[0])
                position = inner.end()
            run, position = self._count_quotes(text, position)
            parts.append(self._quote * (run // 2))
            if run % 2:
                return "".join(parts), position

    def _count_quotes(self, text: str, position: int) -> tuple[int, int]:
        quotes = self._quotes.match(text, position)
        if quotes is None:
            raise CsvError("a quoted cell is not closed")
        return quotes.end() - position, quotes.end()


def _line_end(text: str) -> str:
    """The first line end of the text is that of all of it."""
    newline = text.find("\n")
    carriage_return = text.find("\r", 0, newline if newline >= 0 else len(text))
    if carriage_return < 0:
        return "\n"
    return "\r\n" if carriage_return + 1 == newline else "\r"

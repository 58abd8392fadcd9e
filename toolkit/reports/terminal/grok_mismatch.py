"""Where an expression stopped in a line, and what it expected there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.findings import Location
from toolkit.logstash.grok.explain import GrokMismatch
from toolkit.logstash.grok.expression import Expression
from toolkit.reports.terminal.kinds import kind_of, shown
from toolkit.reports.terminal.style import Style, cut, visible, window

_LABEL = 9
_MOST = 3
"""Maximum number of further expressions and of anomalies."""


def mismatch_lines(
    stops: Sequence[GrokMismatch], style: Style, *, where: str = "", indent: int = 2
) -> Iterator[str]:
    """Yield the expression that came furthest in full, the others in a line each.

    Args:
        stops: The mismatches, the one that came furthest first.
        style: Width and colour of the lines.
        where: The place of the first expression in a configuration.
        indent: Number of spaces before each line.
    """
    first, *others = stops
    printer = _Printer(style, indent)
    yield from printer.part("line", first.line, first.reached, first.reached + 1, first.what)
    yield from printer.part("pattern", first.expression, first.start, first.end)
    if where:
        yield printer.note("at", where)
    if first.pattern and first.definition != first.expression:
        start, end = first.definition_start, first.definition_end
        short = len(first.pattern) <= _LABEL - 2
        label, remark = (first.pattern, "") if short else ("inside", first.pattern)
        yield from printer.part(label, first.definition, start, end, remark)
    for odd in first.odd[:_MOST]:
        yield printer.note("odd", f"{odd.what} at column {odd.start + 1}")
    for stop in others[:_MOST]:
        yield printer.note("other", f"{stop.what} at column {stop.reached + 1}: {stop.expression}")
    if len(others) > _MOST:
        yield printer.note("other", f"and {len(others) - _MOST} more")


class _Printer:
    """Formats texts behind labels, with carets below a part of them."""

    def __init__(self, style: Style, indent: int) -> None:
        self.style, self.indent = style, indent
        self.room = style.width - indent - _LABEL

    def part(self, label: str, text: str, start: int, end: int, remark: str = "") -> Iterator[str]:
        head = self._head(label)
        place = Location("", column=start + 1, excerpt=text, width=max(1, end - start))
        shown, column, width = window(place, self.room)
        yield self._painted(head) + shown
        yield " " * len(head) + self.style.paint(self._below(column - 1, width, remark), "yellow")

    def _below(self, column: int, width: int, remark: str) -> str:
        """Return carets with the remark behind or before them, if it fits."""
        carets = "^" * width
        if column + width + 1 + len(remark) <= self.room:
            return f"{' ' * column}{carets} {remark}".rstrip()
        if len(remark) < column:
            return f"{remark:>{column - 1}} {carets}"
        return " " * column + carets

    def note(self, label: str, text: str) -> str:
        head = self._head(label)
        return self._painted(head) + cut(visible(text), self.room)

    def _head(self, label: str) -> str:
        return " " * self.indent + f"{label:<{_LABEL - 2}}  "

    def _painted(self, head: str) -> str:
        return self.style.paint(head, "bold")


def match_lines(expressions: Sequence[Expression], line: str, style: Style) -> Iterator[str]:
    """Yield the first expression that matches, and its captures.

    Args:
        expressions: The expressions, in the order in which they are tried.
        line: The text they are matched with.
        style: Width and colour of the lines.
    """
    for expression in expressions:
        captured = expression.match(line)
        if captured is not None:
            printer = _Printer(style, 0)
            yield style.paint(printer.note("matches", expression.source), "green")
            fields = max((len(field) for field, _ in captured), default=0)
            for field, value in captured:
                if value is not None:
                    text = f"  {field:<{fields}}  {kind_of(value):<7}  {shown(value)}"
                    yield cut(text, style.width)
            return

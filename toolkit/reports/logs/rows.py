"""Rows that SQL returned: a table for people, or one JSON object or CSV record a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from toolkit.reports.terminal.style import visible

_Rows: TypeAlias = Sequence[Sequence[Any]]


def _text(names: Sequence[str], rows: _Rows) -> str:
    cells = [list(names), *([visible(str(value)) for value in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return _lines(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def _json(names: Sequence[str], rows: _Rows) -> str:
    objects = (dict(zip(names, row, strict=True)) for row in rows)
    return _lines(json.dumps(each, default=str, ensure_ascii=False) for each in objects)


def _csv(names: Sequence[str], rows: _Rows) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *rows])
    return text.getvalue()


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


FORMATS: Mapping[str, Callable[[Sequence[str], _Rows], str]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
}

"""The `csv` filter: a line of separated cells becomes fields.

Emulates logstash-filter-csv 3.1.1. Only the first line of a text is read. With
``autodetect_column_names`` the first event names the columns of all that follow, and is
dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, ClassVar, Literal, TypeAlias

from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError
from toolkit.logstash.event.values import Value, inspect
from toolkit.logstash.fields import FieldOperation, Form, Name, Write, below, names_of
from toolkit.logstash.filters import Apply, Context, Filter
from toolkit.logstash.filters._expressions import reference_faults
from toolkit.logstash.filters._ruby_conversions import to_boolean, to_float, to_integer
from toolkit.logstash.filters._ruby_csv import CsvDialect, CsvError, Row
from toolkit.logstash.filters._ruby_dates import to_date, to_date_time
from toolkit.logstash.options import (
    Array,
    FieldReference,
    Hash,
    OptionFault,
    OptionTexts,
    refuse,
)

_Converter: TypeAlias = "Callable[[str | None], Value]"
_fault = OptionTexts(__package__)
_FORMS: Mapping[Any, Form] = {"": "text", "integer": "number", "float": "number"}
_TYPES = ("integer", "float", "date", "date_time", "boolean")

_EMPTY = "_csvskippedemptyfield"


@dataclass(frozen=True, kw_only=True)
class Csv(Filter):
    """Give each cell to the field its column names, or to ``column4`` and so on.

    What is no line of CSV, or cannot be stored, is tagged ``_csvparsefailure``; the cells
    before it are kept. A text that is empty is a failure too, unless ``skip_empty_rows``
    asks for the tag ``_csvskippedemptyfield`` instead.
    """

    plugin: ClassVar[str] = "csv"
    emulates: ClassVar[str] = "3.1.1"
    parses: ClassVar[bool] = True
    marks: ClassVar[tuple[str, ...]] = ("_csvparsefailure",)

    source: str = "message"
    columns: Array = ()
    separator: str = ","
    quote_char: str = '"'
    target: FieldReference | None = None
    autogenerate_column_names: bool = True
    skip_header: bool = False
    skip_empty_columns: bool = False
    skip_empty_rows: bool = False
    convert: Hash = field(default_factory=dict)
    autodetect_column_names: bool = False
    ecs_compatibility: Literal["disabled", "v1", "v8"] | None = None

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        """The columns; without names, or for further cells, ``column4`` and so on."""
        reads = names_of(self.source)
        for index, column in enumerate(self.columns):
            form = _FORMS.get(self.convert.get(column, ""), "other")
            for name in below(self.target, column):
                yield Write(name, reads, option="columns", path=(index,), form=form)
        if self.autodetect_column_names:
            yield from (Write(name, reads) for name in below(self.target, "%{}"))
        elif self.autogenerate_column_names:
            for name in below(self.target, "column%{}"):
                yield Write(name, reads, form="text", certain=False)

    @property
    def one_to_one(self) -> bool:
        return not (self.skip_header or self.autodetect_column_names)

    def changes(self, context: Context | None = None) -> Iterator[Name]:
        yield from super().changes(context)
        yield "tags", _EMPTY

    def register(self, context: Context) -> Apply:
        refuse(*reference_faults("source", self.source), *_convert_faults(self.convert))
        quote = "\0" if self.quote_char == r"\x00" else self.quote_char
        reader = _Reader(self, CsvDialect(self.separator, quote), _converters(context.timezone))
        return reader.apply


class _Reader:
    """Reads event after event; remembers the columns it found."""

    def __init__(
        self, options: Csv, dialect: CsvDialect, converters: Mapping[str, _Converter]
    ) -> None:
        self._options, self._dialect, self._converters = options, dialect, converters
        self._columns: list[Any] | None = list(options.columns)
        self._cells: list[_Cell | None] = []
        target = options.target or ""
        self._target = target if not target or target.startswith("[") else f"[{target}]"

    def apply(self, event: Event) -> Iterable[Event]:
        try:
            text = event.get(self._options.source)
            return self._read(event, text) if text not in (None, False) else (event,)
        except (CsvError, FieldError):
            self._options.fail(event, self._options.marks)
            return (event,)

    def _read(self, event: Event, text: Value) -> Iterable[Event]:
        if not isinstance(text, str):
            raise CsvError("not a string")
        row = next(self._dialect.rows(text), None)
        if self._is_header(row):
            return ()
        if row is not None:
            self._store(event, row)
            self._options.decorate(event)
        elif self._options.skip_empty_rows:
            event.tag(_EMPTY)
        else:
            raise CsvError("no row")
        return (event,)

    def _is_header(self, row: Row | None) -> bool:
        if self._options.autodetect_column_names:
            if self._columns is None:
                raise CsvError("an empty text named no columns, and none are looked for again")
            if not self._columns:
                self._columns, self._cells = row, []
                return True
        return self._options.skip_header and bool(self._columns) and self._columns == row

    def _store(self, event: Event, row: Row) -> None:
        while len(self._cells) < len(row):
            self._cells.append(self._cell(len(self._cells)))
        skip_empty = self._options.skip_empty_columns
        for cell, value in zip(self._cells, row, strict=False):
            if cell is not None and not (skip_empty and not value):
                event.set(cell.reference(), cell.convert(value) if cell.convert else value)

    def _cell(self, index: int) -> _Cell | None:
        columns = self._columns or []
        name = columns[index] if index < len(columns) else None
        if name is None:
            if not self._options.autogenerate_column_names:
                return None
            name = f"column{index + 1}"
        kind = self._options.convert.get(name) if isinstance(name, str) else None
        return _Cell(name, self._target, self._converters[kind] if kind else None)


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a column's values go, and what they become."""

    name: Any
    target: str
    convert: _Converter | None

    def reference(self) -> str:
        if not isinstance(self.name, str):
            raise FieldError(f"`{self.name}` is no name for a field")
        return self.target + (self.name if self.name.startswith("[") else f"[{self.name}]")


def _converters(zone: tzinfo) -> Mapping[str, _Converter]:
    """A missing cell stays null, except as a boolean."""
    present: Mapping[str, Callable[[str], Value]] = {
        "integer": to_integer,
        "float": to_float,
        "date": lambda text: to_date(text, zone),
        "date_time": to_date_time,
    }
    return {name: _if_present(read) for name, read in present.items()} | {"boolean": _boolean}


def _if_present(read: Callable[[str], Value]) -> _Converter:
    return lambda text: None if text is None else read(text)


def _boolean(text: str | None) -> Value:
    if text is None:
        raise CsvError("a missing cell is no boolean")
    return to_boolean(text)


def _convert_faults(convert: Hash) -> Iterator[OptionFault]:
    unknown = [kind for kind in convert.values() if kind not in _TYPES]
    names = ", ".join(dict.fromkeys(map(str, unknown)))
    for column, kind in convert.items():
        if kind in unknown:
            shown = kind if isinstance(kind, str) else inspect(kind)
            values = {"type": shown, "types": ", ".join(_TYPES), "all": names}
            yield _fault("csv-type", (column,), **values)

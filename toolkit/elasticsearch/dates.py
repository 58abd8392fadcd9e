"""Date fields, to the millisecond (``date``) or nanosecond (``date_nanos``).

As Elasticsearch 9.2.0 does: a JSON number is read from its text like a string, except that
whole numbers beyond 32 bits are milliseconds where the format is a default one. The default
``locale`` is English; others are not emulated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.elasticsearch.date_formats.formats import DateFormat, date_format
from toolkit.elasticsearch.values import MalformedValue, spell
from toolkit.languages.java_time.parsed import Mismatch

DEFAULT_FORMATS = {
    "date": "strict_date_optional_time||epoch_millis",
    "date_nanos": "strict_date_optional_time_nanos||epoch_millis",
}
_MILLIS_FORMATS = {*DEFAULT_FORMATS.values(), "epoch_millis"}
_MILLI = 10**6
_LONG = range(-(2**63), 2**63)
_INT = range(-(2**31), 2**31)


@dataclass(frozen=True, slots=True)
class DateKind:
    """The types ``date`` and ``date_nanos`` with a format."""

    type: str
    pattern: str

    @property
    def _is_millis(self) -> bool:
        return self.pattern in _MILLIS_FORMATS

    @property
    def format(self) -> DateFormat:
        """The compiled format, which reads texts and prints doc values."""
        return date_format(self.pattern)

    def read(self, value: Any) -> int | None:
        """Return the stored milliseconds or nanoseconds; raise `MalformedValue`."""
        if value is None:
            return None
        if isinstance(value, int) and value in _LONG and value not in _INT and self._is_millis:
            return self._from_millis(value)
        text = spell(value)
        try:
            nanoseconds = self.format.read(text)
        except Mismatch as mismatch:
            raise MalformedValue(
                f"failed to parse date field [{text}] with format [{self.pattern}]: {mismatch}"
            ) from None
        return self._convert(nanoseconds, text)

    def show(self, values: Sequence[Any]) -> list[Any] | None:
        """Return the doc values, sorted and formatted; None if one cannot be printed."""
        scale = _MILLI if self.type == "date" else 1
        if self.type == "date_nanos" and any(value < 0 for value in values):
            return None
        try:
            return [self.format.write(value * scale) for value in sorted(values)]
        except Mismatch:
            return None

    def _from_millis(self, millis: int) -> int:
        if self.type == "date":
            return millis
        # Java's TimeUnit saturates, and accepts times before 1970.
        return min(max(millis * _MILLI, _LONG.start), _LONG.stop - 1)

    def _convert(self, nanoseconds: int, text: str) -> int:
        if self.type == "date_nanos":
            if nanoseconds < 0:
                raise MalformedValue(f"date[{text}] is before the epoch in 1970")
            if nanoseconds not in _LONG:
                raise MalformedValue(f"date[{text}] is after 2262-04-11T23:47:16.854775807")
            return nanoseconds
        if nanoseconds // _MILLI not in _LONG:
            raise MalformedValue(f"date[{text}] cannot be represented in a long of milliseconds")
        return nanoseconds // _MILLI

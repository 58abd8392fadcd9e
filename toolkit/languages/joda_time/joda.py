"""Joda-Time formats as the date filter reads them, with its guess of a missing year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from toolkit.languages.calendar import civil
from toolkit.languages.date_names import find_names
from toolkit.languages.joda_time.fields import FIELDS
from toolkit.languages.joda_time.pattern import PatternPart, split_pattern
from toolkit.languages.joda_time.pieces import piece
from toolkit.languages.joda_time.reading import DateReader, Reading, resolve
from toolkit.languages.time_zones import UTC_ZONE, Zone

_DAY = 86_400_000


class JodaFormat:
    """A compiled format that reads texts in one locale."""

    def __init__(
        self, pattern: str, *, locale: str, now: Callable[[], int], home: Zone = UTC_ZONE
    ) -> None:
        """Compile a format.

        Args:
            pattern: Letters and quoted text, such as ``yyyy-MM-dd'T'HH:mm``.
            locale: A language tag, for names of months and days.
            now: The clock, in nanoseconds since 1970: texts without a year get one near it.
            home: The zone of the machine, in which ``now`` has its year.

        Raises:
            FormatError: The pattern is illegal, or Joda prints it but does not read it.
        """
        self._now, self._home = now, home
        # Joda's date filter looks at the letters only, quoted or not.
        self._has_year = "y" in pattern or "Y" in pattern
        self._has_zone = "Z" in pattern
        year, _ = self._year_and_month()
        parts = _readable(split_pattern(pattern))
        names = find_names(locale)
        pieces = [
            piece(part, following, names, year)
            for part, following in zip(parts, (*parts[1:], None), strict=True)
        ]
        regex = "".join(regex for regex, _ in pieces)
        slots = [slot for _, slot in pieces if slot]
        self._read = DateReader(regex, slots, default_year=year)

    def milliseconds(self, text: str, zone: Zone) -> int:
        """Read an instant, in milliseconds since 1970; `ValueError` for any other text.

        ``zone`` is for texts without a zone.
        """
        reading = self._read(text)
        if self._has_year:
            return resolve(reading, zone)
        return self._with_guessed_year(self._yearless(reading, zone), zone)

    def _yearless(self, reading: Reading, zone: Zone) -> int:
        if self._has_zone:
            return resolve(reading, zone)
        # A zone that was read is checked and then forgotten: the local time counts.
        resolve(reading, UTC_ZONE)
        return resolve((reading[0], None, None), zone)

    def _with_guessed_year(self, instant: int, zone: Zone) -> int:
        offset = zone.offset(instant // 1000)
        local = instant + offset * 1000
        local = FIELDS["year"].set(local, self._guess_year(civil(local // _DAY)[1]))
        if zone.offset(local // 1000 - offset) != offset:
            offset = zone.lenient_offset(local // 1000)
        return local - offset * 1000

    def _guess_year(self, month: int) -> int:
        """Take this year, but the last for December if it is January now, and the reverse."""
        year, this_month = self._year_and_month()
        return year + {(12, 1): -1, (1, 12): 1}.get((month, this_month), 0)

    def _year_and_month(self) -> tuple[int, int]:
        seconds = self._now() // 1_000_000_000
        year, month, _ = civil((seconds + self._home.offset(seconds)) // 86_400)
        return year, month


def _readable(parts: tuple[PatternPart, ...]) -> tuple[PatternPart, ...]:
    """Take ``zzzz`` for ``z`` where it is all there is; Joda refuses it among others."""
    if len(parts) == 1 and parts[0].letter == "z":
        return (replace(parts[0], text="z"),)
    return parts

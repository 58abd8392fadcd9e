"""Dates as Java prints and reads them: Joda-Time formats and java.time formats.

Pure: the zone, the locale and the clock are arguments. ``nanoseconds`` are since 1970 UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

__all__ = ["FormatError", "format_java", "format_joda", "parser_joda"]


class FormatError(ValueError):
    """A date format that Java refuses; ``start``/``end`` are offsets in it."""

    def __init__(self, message: str, start: int = 0, end: int | None = None) -> None:
        super().__init__(message)
        self.start, self.end = start, end


def format_joda(pattern: str, nanoseconds: int) -> str:
    """Print an instant in UTC as ``%{+pattern}`` does; `FormatError` for an illegal pattern."""
    raise NotImplementedError


def format_java(pattern: str, nanoseconds: int) -> str:
    """Print an instant in UTC as ``%{{pattern}}`` does; `FormatError` for an illegal pattern."""
    raise NotImplementedError


def parser_joda(
    pattern: str, *, zone: ZoneInfo, locale: str, now: Callable[[], int]
) -> Callable[[str], int]:
    """Compile a Joda format as the date filter does (lenient where it is).

    The result reads a text to nanoseconds since 1970, or raises `ValueError`.
    `FormatError` if the pattern is illegal.
    """
    raise NotImplementedError

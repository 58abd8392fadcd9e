"""Faults that options of several filters have in common."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.logstash import regex
from toolkit.logstash.options import OptionFault

__all__ = ["regex_faults"]


def regex_faults(option: str, path: tuple[str | int, ...], pattern: str) -> Iterator[OptionFault]:
    """Yield a fault if Ruby refuses the expression ``pattern``, or no engine here keeps it."""
    try:
        regex.compile(pattern)
    except regex.RegexError as error:
        yield OptionFault(
            what=f"the expression `{pattern}` in `{option}` is not one of Ruby's: {error.message}",
            option=option,
            why="Logstash does not start with it, though `--config.test_and_exit` accepts it",
            fix="correct the expression at the place shown",
            path=path,
            start=error.start,
            end=error.end,
            kind="regex",
            logstash=f"{error.message}: /{pattern}/",
            unsupported=error.unsupported,
        )

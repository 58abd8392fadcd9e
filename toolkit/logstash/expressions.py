"""Regular expressions in the options of filters, which may refer to fields of the event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from toolkit.logstash import regex
from toolkit.logstash.event import Event
from toolkit.logstash.options import OptionFault
from toolkit.logstash.sprintf import compile as compile_template

__all__ = ["Expression", "expression", "regex_faults"]

Expression: TypeAlias = Callable[[Event], regex.Regex]


def expression(pattern: str, *, interpolate: bool) -> Expression:
    """Compile ``pattern`` now, or with each event where it refers to fields.

    Both raise `regex.RegexError`.
    """
    if interpolate and "%{" in pattern:
        template = compile_template(pattern)
        return lambda event: regex.compile(template(event))
    compiled = regex.compile(pattern)
    return lambda event: compiled


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

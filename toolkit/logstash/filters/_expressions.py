"""Options of filters that are regular expressions or field references.

Logstash's own check of a configuration takes them for mere strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from toolkit.languages import ruby_regex
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.ruby import RubyError
from toolkit.logstash.event.sprintf import compile as compile_template
from toolkit.logstash.options import OptionFault, OptionTexts

_fault = OptionTexts(__package__)
Expression: TypeAlias = Callable[[Event], ruby_regex.Regex]


def expression(pattern: str, *, interpolate: bool) -> Expression:
    """Compile ``pattern`` now, or with each event where it refers to fields.

    An expression that Ruby refuses raises `ruby_regex.RegexError` now, `RubyError` then.
    """
    if interpolate and "%{" in pattern:
        template = compile_template(pattern)
        return lambda event: _compile(template(event))
    compiled = ruby_regex.compile(pattern)
    return lambda event: compiled


def _compile(pattern: str) -> ruby_regex.Regex:
    try:
        return ruby_regex.compile(pattern)
    except ruby_regex.RegexError as error:
        if error.unsupported:
            raise
        raise RubyError(f"{error.message}: /{pattern}/") from error


def regex_faults(option: str, path: tuple[str | int, ...], pattern: str) -> Iterator[OptionFault]:
    """Yield a fault if an expression is invalid in Ruby, or not supported here.

    Args:
        option: The option that contains it.
        path: Names of keys and indices that lead into the value of the option.
        pattern: The expression.
    """
    try:
        ruby_regex.compile(pattern)
    except ruby_regex.RegexError as error:
        place = path, error.start, error.end, error.unsupported
        yield _fault("regex", *place, option=option, pattern=pattern, reason=error.message)


def reference_faults(option: str, reference: str | None) -> Iterator[OptionFault]:
    """Yield the fault of an illegal reference, at which the pipeline dies with an event."""
    if reference is None:
        return
    try:
        parse(reference)
    except FieldError as error:
        yield _fault("field-reference", option=option, reference=reference, reason=error)

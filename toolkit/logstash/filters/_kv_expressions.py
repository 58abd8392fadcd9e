"""The expressions by which the kv filter finds keys and values.

Put together from the options as logstash-filter-kv 4.7.0 does, so that an option means what
it means there: a ``-`` in ``field_split`` makes a range, a ``^`` negates, and a group in
``value_split_pattern`` is taken for the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex import Regex, RegexError
from toolkit.logstash.filters import Filter
from toolkit.logstash.options import OptionError, OptionFault, OptionTexts, refuse

_fault = OptionTexts(__package__)
_QUOTES = (('"', '"'), ("'", "'"))
_BRACKETS = ((r"\(", r"\)"), (r"\[", r"\]"), ("<", ">"))
_NEVER_EMPTY = ("value_split", "value_split_pattern", "field_split_pattern")


@dataclass(frozen=True, kw_only=True)
class SplittingFilter(Filter):
    """The options of kv that its expressions are made of."""

    field_split: str = " "
    field_split_pattern: str | None = None
    value_split: str = "="
    value_split_pattern: str | None = None
    whitespace: Literal["strict", "lenient"] = "lenient"
    include_brackets: bool = True
    trim_key: str | None = None
    trim_value: str | None = None
    remove_char_key: str | None = None
    remove_char_value: str | None = None


@dataclass(frozen=True, slots=True)
class Expressions:
    """The compiled expressions of kv.

    The first group of ``pair`` is the key; the first other group that took part, the value.
    """

    pair: Regex
    value_split: Regex
    options: Mapping[str, Regex]
    """Those of single options, by their names."""


def build(options: SplittingFilter) -> Expressions:
    """Compile all expressions, or raise `OptionError` with every fault."""
    faults = list(_empty(options))
    compiled: dict[str, Regex] = {}
    for piece in _pieces(options):
        try:
            compiled[piece.option] = ruby_regex.compile(piece.pattern)
        except RegexError as error:
            faults.append(piece.fault(error))
    refuse(*faults)
    return Expressions(
        pair=_compile_pair(options),
        value_split=ruby_regex.compile(_value_split(options)),
        options=compiled,
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """An option's text, and what the plugin makes of it."""

    option: str
    text: str
    before: str
    pattern: str

    def fault(self, error: RegexError) -> OptionFault:
        start, end = (
            min(max(offset - len(self.before), 0), len(self.text))
            for offset in (error.start, error.end)
        )
        made = "" if self.pattern == self.text else f" in `{self.pattern}`"
        first, last = (start, end) if start < end else (None, None)
        values = {"option": self.option, "text": self.text, "made": made}
        values |= {"reason": error.message, "pattern": self.pattern}
        return _fault("kv-expression", (), first, last, error.unsupported, **values)


def _pieces(options: SplittingFilter) -> Iterator[_Piece]:
    """Yield the parts that must compile by themselves, in the plugin's order."""
    for option in ("trim_value", "trim_key"):
        if (text := getattr(options, option)) is not None:
            yield _Piece(option, text, "^[", f"^[{text}]+|[{text}]+$")
    for option in ("remove_char_value", "remove_char_key"):
        if (text := getattr(options, option)) is not None:
            yield _Piece(option, text, "[", f"[{text}]")
    for option in ("field_split", "value_split"):
        pattern, characters = getattr(options, f"{option}_pattern"), getattr(options, option)
        if pattern is not None:
            yield _Piece(f"{option}_pattern", pattern, "", pattern)
        elif characters or option not in _NEVER_EMPTY:
            yield _Piece(option, characters, "[", f"[{characters}]")


def _empty(options: SplittingFilter) -> Iterator[OptionFault]:
    for option in _NEVER_EMPTY:
        if getattr(options, option) == "":
            yield _fault("kv-empty", option=option)


def _compile_pair(options: SplittingFilter) -> Regex:
    """Blame the pattern of the user for what only shows in the whole (a back-reference)."""
    pattern = _pair(options)
    option = next(
        (name for name in _NEVER_EMPTY[1:] if getattr(options, name) is not None), "value_split"
    )
    try:
        return ruby_regex.compile(pattern)
    except RegexError as error:
        raise OptionError(
            _Piece(option, getattr(options, option), "", pattern).fault(error)
        ) from error


def _pair(options: SplittingFilter) -> str:
    fields, values = _field_split(options), _value_split(options)
    if options.value_split_pattern is None and options.field_split_pattern is None:
        key = _until_characters(options.value_split + options.field_split)
    else:
        key = _until(f"{_group(values)}|{_group(fields)}")
    if options.field_split_pattern is None:
        plain = _until_characters(options.field_split)
    else:
        plain = _until(fields)
    pairs = _QUOTES + _BRACKETS if options.include_brackets else _QUOTES
    value = "|".join([*(_quoted(*pair) for pair in pairs), plain])
    return f"{key}{_group(values)}{_group(value)}?(?:{_group(fields)}|$)"


def _field_split(options: SplittingFilter) -> str:
    return options.field_split_pattern or f"[{options.field_split}]"


def _value_split(options: SplittingFilter) -> str:
    split = options.value_split_pattern or f"[{options.value_split}]"
    return f" *{_group(split)} *" if options.whitespace == "lenient" else split


def _group(pattern: str) -> str:
    return f"(?:{pattern})"


def _quoted(opening: str, closing: str) -> str:
    return f"{opening}(?:{_until_characters(closing)})?{closing}"


def _until(pattern: str) -> str:
    return rf"((?:(?!{pattern})(?:\\.|.))+)"


def _until_characters(characters: str) -> str:
    return rf"((?:\\.|[^{characters}])+)"

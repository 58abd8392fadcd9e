"""The dictionaries of the translate filter: read from files, looked up in three ways.

As logstash-filter-translate 3.5.0 does. A file is read once; ``refresh_interval`` changes
nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from toolkit.languages import ruby_regex
from toolkit.languages.ruby_regex import Regex, RegexError
from toolkit.logstash.event import jackson, ruby
from toolkit.logstash.event.values import Value
from toolkit.logstash.filters._ruby_csv import CsvDialect
from toolkit.logstash.filters._yaml_scalars import Symbol
from toolkit.logstash.options import OptionError, OptionTexts

Lookup: TypeAlias = Callable[[str], tuple[Value] | None]
"""Finds the translation of a text, which may be null; None if it has no translation."""

_fault = OptionTexts(__package__)
_LIMIT = 134_217_728
_YAML = re.compile(r"\.ya?ml$", re.MULTILINE)


def build(dictionary: Mapping[str, Any], *, exact: bool, by_expression: bool) -> Lookup:
    """Make the look-up that the options define.

    Args:
        dictionary: Translations by key.
        exact: A key translates the whole text; otherwise it is replaced within the text.
        by_expression: Keys are regular expressions.

    Raises:
        OptionError: A key is invalid.

    >>> look_up = build({"a": "1", "ab": "2"}, exact=False, by_expression=False)
    >>> look_up("b ab a"), look_up("b")
    (('b 1b 1',), None)
    """
    if exact and not by_expression:
        return lambda text: (dictionary[text],) if text in dictionary else None
    for key in dictionary:
        if isinstance(key, Symbol):
            raise OptionError(_fault("dictionary-key", key=key))
    return _matching(dictionary) if exact else _replacing(dictionary)


def _matching(dictionary: Mapping[str, Value]) -> Lookup:
    """Find the first key that matches (``regex => true``)."""
    entries = [(_compile(key), value) for key, value in dictionary.items()]

    def look_up(text: str) -> tuple[Value] | None:
        return next(((value,) for key, value in entries if key.search(text)), None)

    return look_up


def _compile(key: str) -> Regex:
    try:
        return ruby_regex.compile(key)
    except RegexError as error:
        place = (key,), None, None, error.unsupported
        fault = _fault("dictionary-expression", *place, key=key, reason=error.message)
        raise OptionError(fault) from error


def _replacing(dictionary: Mapping[str, Value]) -> Lookup:
    """Replace every key in a text, the first of several at one place (``exact => false``)."""
    texts = {key: ruby.to_s(value) for key, value in dictionary.items()}
    # Ruby finds nothing behind an empty key, and Python's `sub` would.
    keys = list(texts)[: list(texts).index("") + 1] if "" in texts else list(texts)
    union = re.compile("|".join(map(re.escape, keys)) if keys else r"(?!)")

    def look_up(text: str) -> tuple[Value] | None:
        replaced = union.sub(lambda match: texts[match[0]], text)
        return None if replaced == text else (replaced,)

    return look_up


def load(
    path: str, read_file: Callable[[str], bytes], *, streaming: bool, limit: float | None
) -> dict[str, Any]:
    """Read a dictionary in the format of its file name extension.

    Args:
        path: The file.
        read_file: Returns the bytes of a file, or raises OSError.
        streaming: Parse YAML as ``yaml_load_strategy => streaming`` does.
        limit: Maximum number of characters of a YAML file; None for the default.

    Returns:
        Translations by key. A key that is not a string, or is missing, becomes a `Symbol`, to
        which no text is equal.

    Raises:
        OptionError: It cannot be read.
    """
    try:
        text = read_file(path).decode("utf-8-sig", "surrogateescape")
        return _read(path, text, streaming, limit or _LIMIT)
    except OSError as error:
        reason = error.strerror or error
        raise OptionError(_fault("no-dictionary", path=path, reason=reason)) from error
    except ValueError as error:
        raise OptionError(_fault("dictionary-file", path=path, reason=error)) from error


def is_yaml(path: str) -> bool:
    """Return True if ``path`` is read as YAML."""
    return _YAML.search(path) is not None


def _read(path: str, text: str, streaming: bool, limit: float) -> dict[str, Any]:
    if is_yaml(path):
        if len(text) > limit:
            raise ValueError(f"it has {len(text)} characters, wanted {limit} at most")
        # Imported here as few dictionaries are YAML, and its parser takes long to load.
        from toolkit.logstash.filters import _yaml_dictionary

        return _yaml_dictionary.read(text, streaming=streaming)
    if path.endswith(".json"):
        return _read_json(text)
    if path.endswith(".csv"):
        return _read_csv(text)
    raise ValueError("its name ends neither in .yml, .yaml, .json nor in .csv")


def _read_json(text: str) -> dict[str, Any]:
    entries = jackson.read(text) if text else {}
    if not isinstance(entries, dict):
        raise ValueError("the text is not a JSON object")  # noqa: TRY004
    return entries


def _read_csv(text: str) -> dict[str, Any]:
    rows = ([*row, None, None] for row in CsvDialect(",", '"').rows(text))
    return {Symbol() if row[0] is None else row[0]: row[1] for row in rows}

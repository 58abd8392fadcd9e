"""The faults of a contract, as findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal, get_args

from toolkit.contract.form import at, is_mapping, keys
from toolkit.findings import Finding, Location
from toolkit.forms import Form, options_of, origin_of
from toolkit.languages.positioned import Path, Positioned
from toolkit.model.expectations.thresholds import Threshold

MALFORMED = "correct the line; quote texts that hold `: `, `#`, `%` or `*`."
"""The fix for malformed YAML."""

_CORRECT = "correct the value; `toolkit schema` prints the schema."

_WORDS: Mapping[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a day, such as `2026-12-31`",
    Threshold: "a bound, such as `< 250 ms`",
}


def unfit(form: Form, value: Any, path: Path, document: Positioned) -> Finding:
    """Return the finding for a value of another type.

    Args:
        form: The expected type annotation.
        value: The value.
        path: Its place in the document.
        document: Locates the path.
    """
    near = get_close_matches(str(value), _choices(form), n=1, cutoff=0.5)
    where, shown = document.locate(*path), _shown(value)
    fix = f"did you mean `{near[0]}`?" if near else _CORRECT
    free = path[:-1] and is_mapping(at(path[:-1]))
    if free and form is str and isinstance(value, bool | int | float):
        start = (where.column or 1) - 1
        written = where.excerpt[start : start + where.width]
        shown, fix = f"the {_kind(value)} `{written}`", f'write it in quotes: `"{written}"`.'
    return Finding(
        what=f"{_named(path)} is {shown}, which is invalid",
        where=where,
        why=f"the type of the value is {_wanted(form)}",
        fix=fix,
    )


def _kind(value: float) -> str:
    return "boolean" if isinstance(value, bool) else "number"


def impossible(path: Path, error: ValueError, document: Positioned) -> Finding:
    """Return the finding for values that are valid by themselves, but not together.

    Args:
        path: Place of the mapping that has them.
        error: The message of the contradiction.
        document: Locates the path.
    """
    return Finding(
        what=f"{_named(path)}: {error}",
        where=document.locate(*path),
        why="an expectation like this cannot be judged",
        fix=_CORRECT,
    )


def missing(path: Path, document: Positioned) -> Finding:
    """Return the finding for a missing key."""
    return Finding(
        what=f"`{path[-1]}` is missing",
        where=document.locate(*path[:-1]),
        why="the expectation cannot be judged without it",
        fix=f"add `{path[-1]}:` here.",
    )


def _wanted(form: Form) -> str:
    return " or ".join(dict.fromkeys(map(_word, options_of(form))))


def _word(form: Form) -> str:
    if choices := _choices(form):
        return ", ".join(f"`{each}`" for each in choices)
    if origin_of(form) is tuple:
        return "a list" if get_args(form)[-1] is ... else f"a list of {len(get_args(form))}"
    return _WORDS.get(form, "a mapping")


def _choices(form: Form) -> list[str]:
    literals = (each for each in options_of(form) if origin_of(each) is Literal)
    return [str(choice) for each in literals for choice in get_args(each)]


def unknown(path: Path, document: Positioned) -> Finding:
    """Return the finding for an unknown key."""
    key = str(path[-1])
    known = list(keys(at(path[:-1])))
    free = [name for name in known if name not in document.get(*path[:-1])]
    near = get_close_matches(key, free, n=1, cutoff=0.65)
    fix = f"did you mean `{near[0]}`?" if near else f"the keys here are {', '.join(known)}."
    return Finding(
        what=f"`{key}` is no key of a contract here",
        where=document.locate_key(*path),
        why="an unknown key would be an expectation that no check judges",
        fix=_MERGE if key == "<<" else fix,
    )


_MERGE = "write the keys out, or give the whole value an alias: YAML 1.2 has no merge key."


def duplicate(key: str, where: Location) -> Finding:
    """Return the finding for a duplicate key."""
    return Finding(
        what=f"duplicate key `{key}`",
        where=where,
        why="YAML parsers silently keep one of the two",
        fix=f"keep one `{key}`.",
    )


def not_a_mapping(where: Location, value: Any) -> Finding:
    """Return the finding for a contract that is no mapping."""
    return Finding(
        what=f"the contract is {_shown(value)}, not a mapping",
        where=where,
        why="its sections are keys: service, logs, metrics, …",
        fix="start from the contract that `toolkit init` writes.",
    )


def _named(path: Path) -> str:
    if not path:
        return "the contract"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of `{path[-2]}`"
    return f"`{path[-1]}`"


def _shown(value: Any) -> str:
    match value:
        case None:
            return "empty"
        case dict():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return f"`{value}`"

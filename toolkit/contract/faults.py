"""What can be wrong with a contract, in the four parts of every message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from toolkit.contract.form import at, keys
from toolkit.findings import Finding, Location
from toolkit.languages.positioned import Path, Positioned

MALFORMED = "correct the line; quote texts that hold `: `, `#`, `%` or `*`."
"""The fix for what is no YAML."""

_EXPECTED = re.compile(r"'([^']*)'")


def faults(errors: Iterable[Any], document: Positioned) -> Iterator[Finding]:
    """What pydantic found wrong, each fault once: a value that fits no choice has one for each."""
    alike: dict[Path, list[Any]] = {}
    for error in errors:
        path = tuple(part for part in error["loc"] if part != "declared")
        if error["type"] in _OF_A_KEY:
            yield _fault_of_key(error, path, document)
        else:
            while path and not document.has(*path):
                path = path[:-1]
            alike.setdefault(path, []).append(error)
    for path, group in alike.items():
        yield _unfit(path, group, document)


_OF_A_KEY = ("unexpected_keyword_argument", "extra_forbidden", "missing", "missing_argument")


def _unfit(path: Path, errors: Sequence[Any], document: Positioned) -> Finding:
    first = errors[0]
    told = " or ".join(dict.fromkeys(str(each["msg"]) for each in errors))
    what = f"{_named(path)} is {_shown(first['input'])}, which does not fit"
    why = f"the form of a contract says: {told}"
    if first["type"] == "value_error":
        what = f"{_named(path)}: {first['ctx']['error']}"
        why = "a promise like this cannot be judged"
    return Finding(what, document.locate(*path), why, _advice(errors))


def _fault_of_key(error: Any, path: Path, document: Positioned) -> Finding:
    match error["type"]:
        case "unexpected_keyword_argument" | "extra_forbidden":
            return unknown(path, document)
        case _:
            return Finding(
                what=f"`{path[-1]}` is missing",
                where=document.locate(*path[:-1]),
                why="the promise cannot be judged without it",
                fix=f"add `{path[-1]}:` here.",
            )


def _advice(errors: Sequence[Any]) -> str:
    expected = (str(each.get("ctx", {}).get("expected", "")) for each in errors)
    wanted = [found for each in expected for found in _EXPECTED.findall(each)]
    near = get_close_matches(str(errors[0]["input"]), wanted, n=1, cutoff=0.5)
    if near:
        return f"did you mean `{near[0]}`?"
    return "correct the value; `toolkit schema` prints the form."


def unknown(path: Path, document: Positioned) -> Finding:
    """A key that does not exist there."""
    key = str(path[-1])
    known = list(keys(at(path[:-1])))
    near = get_close_matches(key, known, n=1, cutoff=0.65)
    fix = f"did you mean `{near[0]}`?" if near else f"the keys here are {', '.join(known)}."
    return Finding(
        what=f"`{key}` is no key of a contract here",
        where=document.locate_key(*path),
        why="a key that is not understood is a promise that nobody checks",
        fix=_MERGE if key == "<<" else fix,
    )


_MERGE = "write the keys out, or give the whole value an alias: YAML 1.2 has no merge key."


def twice(key: str, where: Location) -> Finding:
    """A key that stands twice in the same mapping."""
    return Finding(
        what=f"`{key}` stands twice in the same mapping",
        where=where,
        why="YAML readers silently keep one of the two",
        fix=f"keep one `{key}`.",
    )


def misshapen(where: Location, value: Any) -> Finding:
    """A contract that is no mapping."""
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

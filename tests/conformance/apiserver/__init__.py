"""Objects and what the API server of Kubernetes 1.34.4 says of each, compared with the toolkit.

A recording is a line: the object as changes of one of `bases`, and the verdict of the server's
own functions (`tests.cluster.validator`). ``python -m tests.conformance.apiserver.record`` makes
them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from tests.conformance import RECORDINGS, read_lines

FOLDER = RECORDINGS / "apiserver"
Changes: TypeAlias = Mapping[str, Any]
"""New values by JSON pointer; a pointer with `-` before it takes the key away.

The empty pointer is the whole object, which needs no base.
"""


@dataclass(frozen=True)
class Verdict:
    """The answer of the server to the creation of an object."""

    decode: str = ""
    """Why it cannot be read (HTTP 400)."""
    errors: tuple[tuple[str, str, str], ...] = ()
    """Path, reason and message of each fault (HTTP 422)."""
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Verdict:
        """Decode a verdict from JSON."""
        errors = tuple((path, reason, text) for path, reason, text in answer.get("errors", ()))
        return cls(answer.get("decode", ""), errors, tuple(answer.get("warnings", ())))

    @property
    def refused(self) -> bool:
        """True if the server does not create the object."""
        return bool(self.decode or self.errors)

    def to_json(self) -> dict[str, Any]:
        """Encode what there is."""
        return {name: value for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Case:
    """An object, and the verdict that was recorded of it."""

    base: str
    changes: Changes
    verdict: Verdict = Verdict()

    def __str__(self) -> str:
        return f"{self.base} {json.dumps(self.changes):.500}"

    @property
    def object(self) -> Any:
        """The whole object."""
        return changed(bases().get(self.base), self.changes)

    def to_json(self) -> dict[str, Any]:
        """Encode it as a recording."""
        return {"base": self.base, "changes": self.changes, **self.verdict.to_json()}


def read_cases(name: str = "verdicts") -> Iterator[Case]:
    """The recordings of a file."""
    for line in read_lines(FOLDER / f"{name}.jsonl"):
        found = json.loads(line)
        yield Case(found["base"], found["changes"], Verdict.of(found))


@cache
def bases() -> Mapping[str, Any]:
    """The objects that are changed, by their names."""
    rows = map(json.loads, read_lines(FOLDER / "bases.jsonl"))
    return {each["id"]: each["object"] for each in rows}


def changed(base: Any, changes: Changes) -> Any:
    """Return a copy of an object with changes.

    >>> changed({"a": [{"b": 1}], "c": 2}, {"/a/0/b": 3, "-/c": None})
    {'a': [{'b': 3}]}
    """
    copy = deepcopy(base)
    for written, value in changes.items():
        if not written:
            return value
        *parents, last = _parts(written.removeprefix("-"))
        place = copy
        for part in parents:
            place = place[int(part) if isinstance(place, list) else part]
        key: Any = int(last) if isinstance(place, list) else last
        if written.startswith("-"):
            del place[key]
        elif isinstance(place, list) and key == len(place):
            place.append(deepcopy(value))
        else:
            place[key] = deepcopy(value)
    return copy


def pointer(path: tuple[str | int, ...]) -> str:
    """Return a path as a JSON pointer.

    >>> pointer(("a/b", 0))
    '/a~1b/0'
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _parts(written: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in written.split("/")[1:]]

"""WrittenNames of fields, and what plugins do to fields.

A name that depends on the event, such as ``[probe][%{kind}]``, has a part with ``%{}`` in it,
which fits any text; `related` compares such names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Literal, TypeAlias

from toolkit.logstash.event.fieldref import FieldError, parse
from toolkit.logstash.event.sprintf import references

Name: TypeAlias = "tuple[str, ...]"
"""A field reference, taken apart: ``("a", "b")`` for ``[a][b]``."""
Form: TypeAlias = Literal["text", "number", "same", "other"]
"""The kind of value a write stores; ``same``: that of the first field it reads."""

_DYNAMIC = "%{}"
ANY: Name = (_DYNAMIC,)
"""Every field."""


@dataclass(frozen=True, slots=True)
class Write:
    """A field gets a value."""

    field: Name
    reads: tuple[Name, ...] = ()
    """The fields the value is made of."""
    action: str = ""
    """Which of the filter's operations it is, where the filter has several: ``rename``."""
    option: str = ""
    """The option that asks for it; empty for the filter as a whole."""
    path: tuple[str | int, ...] = ()
    """Leads into the value of the option: names of keys, indices of arrays."""
    part: tuple[int, int] | None = None
    """The characters of the string found there; None for all of it."""
    text: str = ""
    """How it is written, where the characters of the option do not show it."""
    form: Form = "other"
    certain: bool = True
    """True if no older value of the field can remain."""
    afterwards: bool = False
    """True if it reads values that the same filter has written."""
    known: bool = True
    """True if all fields the filter reads and writes are known."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A field is taken out."""

    field: Name


FieldOperation: TypeAlias = "Write | Removal"


def name_of(reference: str) -> Name | None:
    """Take a field reference apart, which may be a template; None if it is illegal.

    >>> name_of("[a][b]"), name_of("[a][%{[b]}_x]"), name_of("[a"), name_of("[@metadata][b]")
    (('a', 'b'), ('a', '%{}_x'), None, ('@metadata', 'b'))
    """
    try:
        path = parse(pattern_of(reference))
    except FieldError:
        return None
    return (*(("@metadata",) if path.metadata else ()), *path.parents, path.name)


def pattern_of(template: str) -> str:
    """Put ``%{}`` in the place of all that a template fills in."""
    for _, start, end in reversed(references(template)):
        template = f"{template[:start]}{_DYNAMIC}{template[end:]}"
    return template


def names_of(*texts: Any) -> tuple[Name, ...]:
    """The names that are legal, of texts or lists of texts; what is no text has none."""
    listed = (
        each for text in texts for each in (text if isinstance(text, list | tuple) else [text])
    )
    names = (name_of(each) for each in listed if isinstance(each, str) and each)
    return tuple(name for name in names if name is not None)


def below(target: str | None, reference: str) -> Iterator[Name]:
    """Yield the name of a field below the target of a filter, or of the event without one."""
    for name in names_of(reference):
        yield from ((*above, *name) for above in (names_of(target) if target else [()]))


def in_place(name: Name, option: str, *path: str | int, text: str, form: Form = "same") -> Write:
    """Return the write of an option that changes a field in place.

    Args:
        name: The field.
        option: The name of the option.
        path: WrittenNames of keys and indices that lead into the value of the option.
        text: The notation of the change.
        form: The kind of the new value.
    """
    return Write(name, (name,), option, option, path, None, text, form, afterwards=True)


def read_by(*templates: Any) -> tuple[Name, ...]:
    """The fields that texts are filled from, lists and hashes of texts included.

    >>> read_by("%{a}-%{+yyyy}", ["%{[b][c]}"])
    (('a',), ('b', 'c'))
    """
    return tuple(dict.fromkeys(_read_by(templates)))


def _read_by(templates: Iterable[Any]) -> Iterator[Name]:
    for template in templates:
        if isinstance(template, dict):
            yield from _read_by([*template, *template.values()])
        elif isinstance(template, list | tuple):
            yield from _read_by(template)
        elif isinstance(template, str) and "%{" in template:
            found = (reference for reference, _, _ in references(template))
            yield from names_of(*(each for each in found if not each.startswith(("+", "{"))))


def is_dynamic(name: Name) -> bool:
    """Return whether a name depends on the event."""
    return any(_DYNAMIC in part for part in name)


def related(written: Name, name: Name) -> bool:
    """Return whether a write of ``written`` can have made ``name``, a part or a parent of it.

    >>> related(("a",), ("a", "b")), related(("a", "%{}_x"), ("a", "b_x")), related(ANY, ("a",))
    (True, True, True)
    """
    return all(map(_fits, written, name))


class WrittenNames:
    """WrittenNames that are written, found by those that are related to them."""

    def __init__(self, names: Iterable[Name] = ()) -> None:
        self._by_head: dict[str, dict[Name, None]] = {}
        self._open: dict[Name, None] = {}
        """Those whose first part depends on the event."""
        for name in names:
            self.add(name)

    def __iter__(self) -> Iterator[Name]:
        return chain(*self._by_head.values(), self._open)

    def add(self, name: Name) -> None:
        """Add a name."""
        found = self._open if _DYNAMIC in name[0] else self._by_head.setdefault(name[0], {})
        found[name] = None

    def related(self, name: Name) -> Iterator[Name]:
        """Yield the names of which a write can have made ``name``; see `related`."""
        near = (*self._by_head.get(name[0], ()), *self._open)
        return (each for each in near if related(each, name))


def _fits(written: str, part: str) -> bool:
    if _DYNAMIC not in written:
        return written == part
    return written == _DYNAMIC or _pattern(written).fullmatch(part) is not None


@lru_cache(maxsize=256)
def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, written.split(_DYNAMIC))), re.DOTALL)


def shown(name: Name) -> str:
    """The name as a field reference.

    >>> shown(("a", "b"))
    '[a][b]'
    """
    return "".join(f"[{part}]" for part in name)

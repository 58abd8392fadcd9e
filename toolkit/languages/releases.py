"""Parts of configurations that only some releases of a program accept, as data.

A table is a JSON object: ``releases`` lists one release for each part that some accept, the
oldest first, ``supported`` those that are in use, ``why`` what the program does with a part that
it does not accept. Each entry of ``places`` is about the keys of the mappings, or the words of
the scalars, at one place:

==========  ================================================================================
``at``      the place: keys, with ``*`` for any key or index, ``**`` for any number of them and
            ``!key`` for any other key; a key with dots counts as several
``since``   names by the first release that accepts them
``until``   names by the first release that does not, each with what took its place
``unless``  a key beside the scalar with which it is accepted
``why``     instead of that of the table
``label``   what it is, where its name alone is not clear
``fix``     what to do, where that is more than to write another name
==========  ================================================================================

The name ``*`` is the key of any word. One that ends with a bracket, or with a bracket and a
quote, is looked for within the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from toolkit.findings import Location
from toolkit.languages.positioned import Path, Positioned

_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)")
_NEWEST = 1_000_000
"""``9`` alone, as in the tag of an image, is the newest release that begins so."""
_OPENING = '("'


def at_least(release: str, since: str) -> bool:
    """True if a release is another one, or newer.

    >>> at_least("8.10.2", "8.9"), at_least("9", "9.2"), at_least("8.19", "9.0")
    (True, True, False)
    """
    return (*numbers(release), _NEWEST) >= numbers(since)


def numbers(release: str) -> tuple[int, ...]:
    """Return the numbers of a release, such as ``(8, 10)``."""
    found = _NUMBER.match(release)
    return tuple(map(int, found[1].split("."))) if found else ()


@dataclass(frozen=True, slots=True)
class Lifespan:
    """A key or word that only some releases accept."""

    name: str
    why: str
    since: str = ""
    """The first release that accepts it; empty for the first of all."""
    until: str = ""
    """The first release that does not; empty if the newest one does."""
    new: str = ""
    """What took its place."""
    unless: str = ""
    """A key beside it with which all releases accept it."""
    label: str = ""
    """What it is, where its name alone is not clear."""
    fix: str = ""
    """What to do, where that is more than to write another name."""

    def accepted(self, release: str) -> bool:
        """True if a release accepts it."""
        late = bool(self.until) and at_least(release, self.until)
        return not late and (not self.since or at_least(release, self.since))


@dataclass(frozen=True, slots=True)
class Use:
    """A use of something that only some releases accept."""

    change: Lifespan
    written: str
    """The key or word as it is written."""
    where: Location

    @property
    def successor(self) -> str:
        """The text to write instead; empty if nothing took its place."""
        return self.written.replace(self.change.name, self.change.new) if self.change.new else ""


@dataclass(frozen=True, slots=True)
class Releases:
    """The table of a program."""

    listed: tuple[str, ...]
    """At least one release that accepts each part, the oldest first."""
    supported: tuple[str, ...]
    """Those that are in use."""
    places: tuple[tuple[tuple[str, ...], Mapping[str, Lifespan]], ...]

    def accepting(self, *changes: Lifespan) -> list[str]:
        """The listed releases that accept all of some parts."""
        return [each for each in self.listed if all(one.accepted(each) for one in changes)]

    def change(self, at: str, name: str) -> Lifespan | None:
        """Return the lifespan of a name at a place; None if all releases accept it."""
        known = (names for place, names in self.places if place == _place(at) and name in names)
        return next((names[name] for names in known), None)

    def uses(self, document: Positioned) -> Iterator[Use]:
        """Yield what only some releases accept, in the order of the text."""
        for parts, path, value in _walk(document.value):
            for place, names in self.places:
                if parts and parts[-1] in names and _matches(parts[:-1], place):
                    yield Use(names[parts[-1]], str(path[-1]), document.locate_key(*path))
                elif isinstance(value, str) and _matches(parts, place):
                    yield from _words(document, path, names)


def _words(document: Positioned, path: Path, names: Mapping[str, Lifespan]) -> Iterator[Use]:
    text, beside = str(document.get(*path)), document.get(*path[:-1])
    for name, change in names.items():
        if isinstance(beside, dict) and beside.get(change.unless):
            continue
        if name == text:
            yield Use(change, text, document.locate(*path))
        elif name == "*":
            key = str(path[-1])
            yield Use(replace(change, name=key), key, document.locate_key(*path))
        elif name[-1] in _OPENING and re.search(rf"(?<!\w(?=\w)){re.escape(name)}", text):
            word = name.removesuffix("(")
            yield Use(replace(change, name=word), word, document.find(name, *path))


def _walk(
    value: Any, parts: tuple[str, ...] = (), path: Path = ()
) -> Iterator[tuple[tuple[str, ...], Path, Any]]:
    yield parts, path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            *before, last = str(key).split(".")
            for end in range(1, len(before) + 1):
                yield (*parts, *before[:end]), (*path, key), None
            yield from _walk(inner, (*parts, *before, last), (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, (*parts, str(index)), (*path, index))


def _matches(parts: Sequence[str], place: Sequence[str]) -> bool:
    if not place:
        return not parts
    head, rest = place[0], place[1:]
    if head == "**":
        return any(_matches(parts[at:], rest) for at in range(len(parts) + 1))
    fits = bool(parts) and (head in ("*", parts[0]) or (head[0] == "!" and head[1:] != parts[0]))
    return fits and _matches(parts[1:], rest)


@cache
def releases(package: str) -> Releases:
    """The table ``releases.json`` of a package."""
    table = json.loads(resources.files(package).joinpath("releases.json").read_text("utf-8"))
    places = ((_place(each["at"]), _changes(each, table["why"])) for each in table["places"])
    return Releases(tuple(table["releases"]), tuple(table["supported"]), tuple(places))


def _place(at: str) -> tuple[str, ...]:
    return tuple(at.split("/")) if at else ()


def _changes(entry: Mapping[str, Any], why: str) -> Mapping[str, Lifespan]:
    found: dict[str, Lifespan] = {}
    for release, names in entry.get("since", {}).items():
        found |= {name: Lifespan(name, "", since=release) for name in names}
    for release, successors in entry.get("until", {}).items():
        for name, new in successors.items():
            change = found.get(name, Lifespan(name, ""))
            found[name] = replace(change, until=release, new=new)
    common = {key: entry.get(key, "") for key in ("unless", "label", "fix")}
    common["why"] = entry.get("why", why)
    return {name: replace(change, **common) for name, change in found.items()}

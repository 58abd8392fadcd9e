"""Events of which a part is not known, since a filter that is not emulated may have written it.

Such an event has the values that are known, and a list of `UnknownField`. Whatever reads an
unknown field stops with `UnknownRead`; what sets one makes it known again. Each tag is a field
of its own here, ``[tags][NAME]``: that a filter may tag an event leaves its other tags known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from toolkit.findings import Finding
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.fieldref import METADATA, parse
from toolkit.logstash.event.ruby import array
from toolkit.logstash.event.values import Timestamp, Value, copy
from toolkit.logstash.fields import ANY, Name, related, shown

READABLE: Name = ("@read",)
"""In place of a field: whether filters that set no tag could read the event."""
_TAGS = "tags"
_TIMESTAMP: Name = ("@timestamp",)


class UnknownRead(Exception):
    """A field was read that is not known; ``cause`` names the filter that may write it."""

    def __init__(self, cause: Finding) -> None:
        super().__init__(cause.what)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field that a filter may have written, with all that is in it."""

    name: Name
    """Its parts may be patterns: ``("%{}",)`` is every field."""
    cause: Finding
    """The filter, or the condition on which the field depends."""
    but: frozenset[Name] = frozenset()
    """The fields that were set since."""

    @property
    def reference(self) -> str:
        """The field for people, where ``*`` is any text; empty if it is no field."""
        return "" if self.name == READABLE else shown(self.name).replace("%{}", "*")

    def covers(self, name: Name) -> bool:
        """Return whether a field, a part of it, or what it is a part of, is unknown."""
        if (self.name[0] == METADATA) != (name[0] == METADATA):
            return False
        return related(self.name, name) and not any(name[: len(each)] == each for each in self.but)

    def covers_dotted(self, field: str) -> bool:
        """Return the same of a field of Elasticsearch, to which ``[a][b]`` and ``a.b`` are one."""
        dotted = replace(self, name=_dotted(self.name), but=frozenset(map(_dotted, self.but)))
        return dotted.covers(tuple(field.split(".")))


class PartlyKnown(Event):
    """An event with unknown fields; ``fields`` and ``metadata`` hold the known ones only."""

    __slots__ = ("unknowns",)

    unknowns: tuple[UnknownField, ...]

    @classmethod
    def of(cls, event: Event) -> PartlyKnown:
        """Take over an event, which is of no use from now on."""
        if isinstance(event, cls):
            return event
        twin: PartlyKnown = object.__new__(cls)
        for slot in Event.__slots__:
            setattr(twin, slot, getattr(event, slot))
        twin.unknowns = ()
        return twin

    def taint(self, names: Iterable[Name], cause: Finding) -> None:
        """Forget fields.

        Args:
            names: Their names, which may be patterns.
            cause: The reason for which they are not known.
        """
        for name in names:
            self.add(UnknownField((_TAGS, *ANY) if name == (_TAGS,) else name, cause))
            if name == ANY:
                self.add(UnknownField((METADATA, *ANY), cause))

    def add(self, unknown: UnknownField) -> None:
        """Forget a field, with the reason."""
        known = (each for each in self.unknowns if each.covers(unknown.name))
        if any(len(e.name) <= len(unknown.name) and e.but <= unknown.but for e in known):
            return
        self.unknowns += (unknown,)
        _erase(self.fields, (), unknown)
        _erase(self.metadata, (METADATA,), unknown)

    def knows(self, reference: str) -> bool:
        return not any(each.covers(_name(reference)) for each in self.unknowns)

    def get(self, reference: str, default: Value = None) -> Value:
        self._ask(_name(reference))
        return super().get(reference, default)

    def includes(self, reference: str) -> bool:
        self._ask(_name(reference))
        return super().includes(reference)

    def set(self, reference: str, value: Value) -> None:
        name = _name(reference)
        for each in self.unknowns:
            if len(each.name) < len(name) and each.covers(name):
                raise UnknownRead(each.cause)
        super().set(reference, value)
        self._settle(name)

    def append(self, reference: str, value: Value) -> None:
        self._ask(_name(reference))
        super().append(reference, value)

    def remove(self, reference: str) -> Value:
        self._ask(_name(reference))
        return super().remove(reference)

    def discard(self, reference: str) -> Value:
        self._settle(_name(reference))
        return super().remove(reference)

    def tag(self, name: str) -> None:
        self._settle((_TAGS, name))
        super().tag(name)

    def add_tags(self, names: Sequence[str]) -> None:
        self._set_tags([*array(self.fields.get(_TAGS)), *names], names)

    def remove_tags(self, names: Sequence[str]) -> None:
        held = array(self.fields.get(_TAGS))
        self._set_tags([tag for tag in held if tag not in names], names)

    def _set_tags(self, tags: list[str], decided: Sequence[str]) -> None:
        """Store the tags that are known; those that were added or taken out are so now."""
        if tags or _TAGS in self.fields:
            Event.set(self, _TAGS, tags)
        for name in decided:
            self._settle((_TAGS, name))

    def tags_about(self, name: Value) -> Value:
        tags = self.fields.get(_TAGS)
        asked = isinstance(name, str) and not isinstance(tags, str)
        self._ask((_TAGS, str(name)) if asked else (_TAGS,))
        return tags

    def names(self) -> list[str]:
        for each in self.unknowns:
            if each.name[0] not in (METADATA, *READABLE):
                raise UnknownRead(each.cause)
        return super().names()

    @property
    def timestamp(self) -> Timestamp | None:
        self._ask(_TIMESTAMP)
        return super().timestamp

    @timestamp.setter
    def timestamp(self, value: Value) -> None:
        self._settle(_TIMESTAMP)
        self.fields[_TIMESTAMP[0]] = value

    def clone(self) -> PartlyKnown:
        twin = super().clone()
        assert isinstance(twin, PartlyKnown)
        twin.unknowns = self.unknowns
        return twin

    def _ask(self, name: Name) -> None:
        for each in self.unknowns:
            if each.covers(name):
                raise UnknownRead(each.cause)

    def _settle(self, name: Name) -> None:
        """Note that a field is known from now on."""
        self.unknowns = tuple(
            each if not related(each.name, name) else replace(each, but=each.but | {name})
            for each in self.unknowns
            if each.name[: len(name)] != name
        )


def joined(left: Event, right: Event, cause: Finding) -> PartlyKnown:
    """Return an event that is one of two: what they differ in is unknown.

    Args:
        left: The event on one way; of no use from now on.
        right: The event on the other way.
        cause: The reason for which the way is not known.
    """
    names = [*differences(left, right)]
    untagged = any(not each.tags for each in (*left.failures, *right.failures))
    if untagged and (left.failures, left.parsed) != (right.failures, right.parsed):
        names.append(READABLE)
    one = PartlyKnown.of(left)
    one.failures = _common(left.failures, right.failures)
    one.parsed = _common(left.parsed, right.parsed)
    one.taint(names, cause)
    for each in right.unknowns if isinstance(right, PartlyKnown) else ():
        one.add(each)
    return one


def differences(left: Event, right: Event) -> Iterator[Name]:
    """Yield the names of the fields that two events do not have alike."""
    yield from _differences(left.fields, right.fields, ())
    yield from _differences(left.metadata, right.metadata, (METADATA,))


def _common(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in left if any(each is other for other in right))


def _differences(left: Any, right: Any, path: Name) -> Iterator[Name]:
    """Yield the names of what is in one of two hashes only, or with another value."""
    if isinstance(left, dict) and isinstance(right, dict):
        for name in dict.fromkeys(chain(left, right)):
            below = (*path, name)
            if (name in left and name in right) or below == (_TAGS,):
                yield from _differences(left.get(name), right.get(name), below)
            else:
                yield below
    elif path == (_TAGS,) and not isinstance(left, str) and not isinstance(right, str):
        one, other = array(left), array(right)
        yield from ((_TAGS, tag) for tag in one if tag not in other)
        yield from ((_TAGS, tag) for tag in other if tag not in one)
    elif repr(left) != repr(right):
        yield path


def _erase(holder: dict[str, Any], path: Name, unknown: UnknownField) -> None:
    """Take out what is unknown below a hash."""
    for key in [*holder]:
        name, value = (*path, key), holder[key]
        if name == (_TAGS,) and unknown.name != (_TAGS,):
            left = [tag for tag in array(value) if not unknown.covers((_TAGS, tag))]
            if not left:
                del holder[key]
            elif left != array(value):
                holder[key] = left
        elif not unknown.covers(name):
            continue
        elif isinstance(value, dict) and (len(unknown.name) > len(name) or unknown.but):
            _erase(value, name, unknown)
            if not value:
                del holder[key]
        else:
            del holder[key]


def references(events: Iterable[Event]) -> list[str]:
    """Return the references of the unknown fields of events, each once."""
    found = (each.reference for event in events for each in event.unknowns)
    return [*dict.fromkeys(filter(None, found))]


def forget(fields: Mapping[str, Any], unknowns: Iterable[UnknownField]) -> dict[str, Any]:
    """Return the fields of an event without those that are unknown."""
    kept: dict[str, Any] = copy(dict(fields))
    for each in unknowns:
        _erase(kept, (), each)
    return kept


def causes(events: Iterable[Event]) -> list[Finding]:
    """Return the reasons for which fields of events are not known, each once."""
    found = (each for event in events for each in event.unknowns)
    return [*dict.fromkeys(each.cause for each in found if each.reference)]


def _dotted(name: Name) -> Name:
    return tuple(".".join(name).split("."))


@lru_cache(maxsize=4096)
def _name(reference: str) -> Name:
    path = parse(reference)
    name = (*((METADATA,) if path.metadata else ()), *path.parents, path.name)
    # An index into the tags reads whichever is there.
    return name[:1] if name[0] == _TAGS else name

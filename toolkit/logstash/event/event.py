"""The event that travels through a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.logstash.event import ruby, sprintf
from toolkit.logstash.event.fieldref import METADATA, FieldError, Path, array_index, parse
from toolkit.logstash.event.values import Timestamp, Value, copy, to_json_value

_TIMESTAMP = "@timestamp"
_TAGS = "tags"
_GUARDED = frozenset({_TIMESTAMP, _TAGS, METADATA})
"""Top-level fields that take no value of any kind."""
_NO_TAGS = "the field tags takes a string or an array of strings only"


@dataclass(slots=True, eq=False)
class Failure:
    """A filter failed on an event."""

    by: Any
    """The filter."""
    texts: Mapping[str, Value]
    """The values it had to read, by field reference."""
    tags: tuple[str, ...]
    """The tags it set, if any."""
    parsed: tuple[tuple[Any, list[Value]], ...]
    """The fields that other filters had read before."""


class Event:
    """A log event: the one mutable object of the emulation, as it is in Logstash.

    Everywhere ``reference`` is a field reference: ``a``, ``[a][b]``, ``[@metadata][x]``.
    ``a.b`` is a literal name. An illegal one raises `FieldError`.
    """

    __slots__ = ("cancelled", "clock", "failures", "fields", "metadata", "parsed")

    fields: dict[str, Any]
    metadata: dict[str, Any]
    cancelled: bool
    clock: Callable[[], int] | None
    """Nanoseconds since 1970, for ``%{{TIME_NOW}}``; the pipeline winds it."""
    failures: tuple[Failure, ...]
    """In order; real Logstash keeps no such record."""
    parsed: tuple[tuple[Any, list[Value]], ...]
    """The filters that read the event, and the values they read."""

    def __init__(self, fields: dict[str, Any]) -> None:
        """Take ``fields`` (owned from now on); ``@metadata`` in it becomes the metadata.

        Adds ``@version`` "1" where it is missing. ``@timestamp`` must be a `Timestamp`.
        Tags that are not strings move to ``_tags``, as since Logstash 8.7.
        """
        metadata = fields.pop(METADATA, None)
        self.metadata = metadata if isinstance(metadata, dict) else {}
        self.fields = fields
        self.cancelled = False
        self.clock = None
        self.failures, self.parsed = (), ()
        fields.setdefault("@version", "1")
        if _TAGS in fields and not _are_tags(fields[_TAGS]):
            fields["_tags"] = [fields[_TAGS]]
            fields[_TAGS] = ["_tagsparsefailure"]

    def get(self, reference: str, default: Value = None) -> Value:
        """Return the value, which may be null, or ``default`` if the field is missing."""
        path = parse(reference)
        value: Value
        if path.parents or path.metadata:
            parent = self._parent(path)
            if isinstance(parent, dict):
                value = parent.get(path.name, default)
            else:
                value = _fetch(parent, path.name, default)
        elif path.name == METADATA:
            value = self.metadata
        else:
            value = self.fields.get(path.name, default)
        return value

    def includes(self, reference: str) -> bool:
        """Return True if the field exists, even if it is null."""
        path = parse(reference)
        if path == Path((), METADATA):
            return True
        parent = self._parent(path)
        if isinstance(parent, dict):
            return path.name in parent
        return isinstance(parent, list) and _fetch(parent, path.name) is not None

    def set(self, reference: str, value: Value) -> None:
        """Put a copy of a value, making parents; `FieldError` under a scalar.

        In an array a name does nothing, an index within it replaces, and one beyond it fills
        up with nulls.
        ``tags`` takes strings only, ``@timestamp`` a timestamp, ``@metadata`` a hash: else
        `FieldError`.
        """
        path = parse(reference)
        if isinstance(value, dict | list):
            value = copy(value)
        if path.metadata:
            _put(self._make_parent(self.metadata, path), path.name, value)
        elif path.parents:
            if path.parents[0] == _TAGS:
                raise FieldError(_NO_TAGS)
            _put(self._make_parent(self.fields, path), path.name, value)
        else:
            self._set_top_level(path.name, value)

    def append(self, reference: str, value: Value) -> None:
        """Set a missing field; else append the value to the present string or array.

        Other values are left unchanged, as grok stores its captures. Errors are those of `set`.
        """
        path = parse(reference)
        holder = self._made_holder(path)
        present = self.get(reference) if holder is None else holder.get(path.name)
        if isinstance(present, str | list):
            value = [*(present if isinstance(present, list) else [present]), value]
        elif present is not None:
            return
        if holder is None:
            self.set(reference, value)
        else:
            holder[path.name] = value

    def remove(self, reference: str) -> Value:
        """Remove the field and return its value, or None."""
        path = parse(reference)
        if path == Path((), METADATA):
            held, self.metadata = self.metadata, {}
            return held
        parent = self._parent(path)
        if isinstance(parent, dict):
            value: Value = parent.pop(path.name, None)
            return value
        if isinstance(parent, list):
            index = array_index(path.name, parent)
            if index is not None and 0 <= index < len(parent):
                taken: Value = parent.pop(index)
                return taken
        return None

    discard = remove
    """The same, where the value is of no use."""

    def tag(self, name: str) -> None:
        """Add a tag unless it is there; a string in ``tags`` becomes an array then."""
        tags = self.fields.get(_TAGS)
        held = tags if isinstance(tags, list) else [] if tags is None else [tags]
        if name not in held:
            self.fields[_TAGS] = [*held, name]

    def add_tags(self, names: Sequence[str]) -> None:
        """Append tags, as the option ``add_tag`` does: whether they are there or not."""
        self.set(_TAGS, [*ruby.array(self.get(_TAGS)), *names])

    def remove_tags(self, names: Sequence[str]) -> None:
        """Take tags out."""
        if held := ruby.array(self.get(_TAGS)):
            self.set(_TAGS, [tag for tag in held if tag not in names])

    def tags_about(self, name: Value) -> Value:
        """Return ``tags``, to look for one in them."""
        return self.fields.get(_TAGS)

    def names(self) -> list[str]:
        """Return the names of the top-level fields, in order."""
        return [*self.fields]

    def knows(self, reference: str) -> bool:
        """Return whether it is known what the field holds, or that it is missing."""
        return True

    @property
    def unknowns(self) -> tuple[Any, ...]:
        """The fields of which nothing is known, as `UnknownField`; see `PartlyKnown`."""
        return ()

    @property
    def timestamp(self) -> Timestamp | None:
        """The event's ``@timestamp``."""
        value = self.fields.get(_TIMESTAMP)
        return value if isinstance(value, Timestamp) else None

    @timestamp.setter
    def timestamp(self, value: Value) -> None:
        self.fields[_TIMESTAMP] = value

    @property
    def now(self) -> Timestamp:
        """The time by the clock of the pipeline; without one, the event's own."""
        if self.clock is None:
            return self.timestamp or Timestamp(0)
        return Timestamp(self.clock())

    def sprintf(self, template: str) -> str:
        """Fill ``%{field}``, ``%{+joda}``, ``%{{java.time}}`` in; see `sprintf`.

        A date pattern that Java refuses or an illegal reference raises `FieldError`.
        """
        return sprintf.compile(template)(self)

    def clone(self) -> Event:
        """Return a deep copy, metadata included."""
        twin = object.__new__(type(self))
        twin.fields, twin.metadata = copy(self.fields), copy(self.metadata)
        twin.cancelled, twin.clock = self.cancelled, self.clock
        twin.failures, twin.parsed = self.failures, self.parsed
        return twin

    def to_dict(self, *, metadata: bool = False) -> dict[str, Any]:
        """Return a deep copy of the fields as JSON values (timestamps and decimals printed)."""
        fields: dict[str, Any] = to_json_value(self.fields)
        return fields | {METADATA: to_json_value(self.metadata)} if metadata else fields

    def _parent(self, path: Path) -> Any:
        """Return the hash or array that would hold the field; else some other value."""
        holder: Any = self.metadata if path.metadata else self.fields
        for name in path.parents:
            holder = holder.get(name) if isinstance(holder, dict) else _fetch(holder, name)
        return holder

    def _make_parent(self, holder: Any, path: Path) -> Any:
        for name in path.parents:
            child = holder.get(name) if isinstance(holder, dict) else _fetch(holder, name)
            if child is None:
                child = {}
                _put(holder, name, child)
            holder = child
        return holder

    def _made_holder(self, path: Path) -> dict[str, Any] | None:
        """Return the hash of a field, created if missing; None if only `set` can decide."""
        if (path.parents or (path.name,))[0] in _GUARDED and not path.metadata:
            return None
        holder: Any = self.metadata if path.metadata else self.fields
        for name in path.parents:
            child = holder.get(name)
            if child is None:
                child = holder[name] = {}
            if not isinstance(child, dict):
                return None
            holder = child
        return holder  # type: ignore[no-any-return]

    def _set_top_level(self, name: str, value: Value) -> None:
        if name == METADATA:
            if not isinstance(value, dict):
                raise FieldError(f"{METADATA} takes a hash only")
            self.metadata = value
        elif name == _TIMESTAMP and not isinstance(value, Timestamp):
            raise FieldError(f"wrong argument type for {_TIMESTAMP} (expected a timestamp)")
        elif name == _TAGS and not _are_tags(value):
            raise FieldError(_NO_TAGS)
        else:
            self.fields[name] = value


def _are_tags(value: Value) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def _fetch(holder: Any, name: str, default: Any = None) -> Any:
    if isinstance(holder, dict):
        return holder.get(name, default)
    if isinstance(holder, list):
        index = array_index(name, holder)
        if index is not None and 0 <= index < len(holder):
            return holder[index]
    return default


def _put(holder: Any, name: str, value: Value) -> None:
    if isinstance(holder, dict):
        holder[name] = value
    elif isinstance(holder, list):
        _put_item(holder, name, value)
    else:
        raise FieldError(
            f"Could not set field `{name}`: its parent is neither a hash nor an array"
        )


def _put_item(items: list[Any], name: str, value: Value) -> None:
    index = array_index(name, items)
    if index is None:
        return
    if index < 0:
        raise FieldError(f"Index `{name}` is out of bounds for an array of {len(items)}")
    items.extend([None] * (index + 1 - len(items)))
    items[index] = value

"""The YAML dictionaries of the translate filter.

As logstash-filter-translate 3.5.0 reads them: every mapping that is not inside another one
adds to the dictionary, so that several documents make one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import yaml

from toolkit.languages.bounds import DEEPEST
from toolkit.logstash.event import ruby
from toolkit.logstash.event.values import Value
from toolkit.logstash.filters._yaml_scalars import Symbol, streamed, tokenize

_STRING_TAGS = ("tag:yaml.org,2002:str", "!str")
_FLOAT_TAGS = ("tag:yaml.org,2002:float", "!float")
_OMAP_TAGS = ("tag:yaml.org,2002:omap", "!omap")
_DICTIONARY_TAGS = (None, "tag:yaml.org,2002:map", "tag:yaml.org,2002:omap")
_MERGE = "<<"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The fast one where libyaml is there."""
_MOST_REPEATED = 250_000
"""Values that aliases may repeat: an event copies them."""


@lru_cache(maxsize=64)  # Many filters look up in the same few files.
def read(text: str, *, streaming: bool = False) -> dict[str, Any]:
    r"""Return the entries; raise `ValueError` if the text is not YAML.

    A key that is not a string, such as ``200``, becomes a `Symbol`.
    With ``streaming`` as ``yaml_load_strategy => streaming`` does: the first mapping alone,
    without aliases and merges.

    >>> read("a: yes\n200: {b: 017}"), read("a: yes", streaming=True)
    ({'a': True, '200': {'b': 15}}, {'a': 'yes'})
    """
    events = _bounded(yaml.parse(text, Loader=_LOADER))
    try:
        return _stream(events) if streaming else _Composer(events).dictionary()
    except (yaml.YAMLError, KeyError) as error:
        raise ValueError(str(error)) from error


def _bounded(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The same events; raises `ValueError` where they nest too deeply or repeat too much."""
    count, repeated = 0, 0
    opened: list[tuple[str | None, int]] = []
    sizes: dict[str, int] = {}
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            size = sizes.get(str(event.anchor), 0)
            count, repeated = count + size, repeated + size
        elif isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor, count))
            count += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            sizes[str(anchor)] = count - before
        elif isinstance(event, yaml.ScalarEvent):
            count += 1
            sizes[str(event.anchor)] = 1
        if len(opened) > DEEPEST or repeated > _MOST_REPEATED:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ValueError(f"line {line} nests too deeply, or repeats too much by aliases")
        yield event


class _Composer:
    """Makes values of the events of a parser, as Ruby's YAML library does."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str, Any] = {}
        self._entries: dict[str, Any] = {}

    def dictionary(self) -> dict[str, Any]:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                self._value(event, outermost=True)
        return self._entries

    def _value(self, event: yaml.Event, *, outermost: bool = False) -> Any:
        match event:
            case yaml.AliasEvent():
                return self._anchors[str(event.anchor)]
            case yaml.ScalarEvent():
                return self._anchor(event, _scalar(event))
            case yaml.SequenceStartEvent() if event.tag in _OMAP_TAGS:
                return self._merged(self._anchor(event, {}))
            case yaml.SequenceStartEvent():
                items = self._anchor(event, [])
                items.extend(
                    self._value(item, outermost=outermost) for item in _nodes(self._events)
                )
                return items
            case yaml.MappingStartEvent():
                top = outermost and event.tag in _DICTIONARY_TAGS
                entries = self._anchor(event, self._entries if top else {})
                return self._mapping(entries, _key if top else _text)
            case _:
                raise ValueError(f"unexpected {event}")

    def _anchor(self, event: yaml.NodeEvent, value: Any) -> Any:
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _mapping(self, entries: dict[str, Any], name_of: Callable[[Any], str]) -> dict[str, Any]:
        for name in _nodes(self._events):
            key, value = self._value(name), self._value(next(self._events))
            merges = key == _MERGE and getattr(name, "tag", None) not in _STRING_TAGS
            if merges and isinstance(value, dict):
                entries.update(value)
            elif merges and isinstance(value, list) and all(isinstance(v, dict) for v in value):
                for item in reversed(value):
                    entries.update(item)
            else:
                entries[name_of(key)] = value
        return entries

    def _merged(self, entries: dict[str, Any]) -> dict[str, Any]:
        for item in _nodes(self._events):
            entries.update(self._value(item))
        return entries


def _scalar(event: yaml.ScalarEvent) -> Value:
    text: str = event.value
    if event.tag in _STRING_TAGS or (event.tag is None and not event.implicit[0]):
        return text
    value = tokenize(text)
    if event.tag in _FLOAT_TAGS and isinstance(value, int | str):
        return float(value)
    return value


def _key(key: Any) -> str:
    return key if isinstance(key, str) else Symbol(ruby.to_s(key))


def _text(key: Any) -> str:
    """The name that an event gives to a key of a hash it holds."""
    return str(ruby.to_s(key))


def _stream(events: Iterator[yaml.Event]) -> dict[str, Any]:
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            return _streamed_mapping(events, _key)
    return {}


def _streamed_mapping(
    events: Iterator[yaml.Event], name_of: Callable[[Any], str]
) -> dict[str, Any]:
    return {
        name_of(_streamed_value(name, events)): _streamed_value(next(events), events)
        for name in _nodes(events)
    }


def _streamed_value(event: yaml.Event, events: Iterator[yaml.Event]) -> Any:
    match event:
        case yaml.ScalarEvent():
            return event.value if event.style else streamed(event.value)
        case yaml.MappingStartEvent():
            return _streamed_mapping(events, _text)
        case yaml.SequenceStartEvent():
            return [_streamed_value(item, events) for item in _nodes(events)]
        case _:
            raise ValueError(f"unexpected {event}")


def _nodes(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The nodes of a collection whose start has been read."""
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event

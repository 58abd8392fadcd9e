"""From the attributes of a plugin in a configuration to the values of its options, and back.

Back: from a fault in a value to the characters that are to blame.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.config.nodes import Span
from toolkit.logstash.event.values import to_text
from toolkit.logstash.options import OptionFault, merge


def values(plugin: nodes.Plugin) -> dict[str, Any]:
    """The options of a plugin as plain values; what is given twice is merged as in Logstash.

    Two hashes become one, values of a key that both have an array; all else becomes an array.
    """
    options: dict[str, Any] = {}
    for attribute in plugin.attributes:
        value = _plain(attribute.value)
        name = attribute.name
        options[name] = _merged(options[name], value) if name in options else value
    return options


def _merged(held: Any, value: Any) -> Any:
    if not isinstance(held, dict) or not isinstance(value, dict):
        return merge(held, value)
    both = {name: merge(held[name], value[name]) for name in held if name in value}
    return {**held, **value, **both}


def _plain(node: nodes.Value | nodes.Number) -> Any:
    match node:
        case nodes.Array(items):
            return [_plain(item) for item in items]
        case nodes.Hash(entries):
            return {to_text(_plain(entry.key)): _plain(entry.value) for entry in entries}
        case nodes.Plugin(name):
            return name
        case _:
            return node.value


def locate(plugin: nodes.Plugin, fault: OptionFault) -> Span:
    """The characters a fault means: an option's name, a value in it, or a part of a string."""
    attributes = [each for each in plugin.attributes if each.name == fault.option]
    if not attributes:
        return plugin.name_span
    if fault.kind in ("unknown-option", "unsupported-option"):
        return attributes[0].name_span
    found = _find([attribute.value for attribute in attributes], fault.path)
    return _part(found, fault) if found else attributes[0].value.span


def _find(candidates: Iterable[nodes.Value], path: tuple[str | int, ...]) -> nodes.Value | None:
    """Follow ``path`` through values; ``candidates`` are those merged into one."""
    found = list(candidates)
    for step in path:
        found = list(_named(found, step) if isinstance(step, str) else _items(found)[step:])
        if not found:
            return None
    return found[0]


def _named(candidates: list[nodes.Value], name: str) -> Iterator[nodes.Value]:
    for candidate in candidates:
        for key, value in _pairs(candidate):
            if to_text(_plain(key)) == name:
                yield value


def _pairs(node: nodes.Value) -> Iterable[tuple[Any, nodes.Value]]:
    """The entries of a hash, or of an array that stands for one."""
    match node:
        case nodes.Hash(entries):
            return ((entry.key, entry.value) for entry in entries)
        case nodes.Array(items):
            return zip(items[::2], items[1::2], strict=False)
        case _:
            return ()


def _items(candidates: list[nodes.Value]) -> list[nodes.Value]:
    """The elements of arrays; a value that is none stands for an array of itself."""
    return [
        item
        for candidate in candidates
        for item in (candidate.values if isinstance(candidate, nodes.Array) else (candidate,))
    ]


def _part(node: nodes.Value, fault: OptionFault) -> Span:
    """Narrow a string down to a part, if it means what is written."""
    start, end = node.span
    if fault.start is None or not isinstance(node, nodes.String) or node.raw != node.value:
        return start, end
    first = start + 1 + fault.start
    last = first + 1 if fault.end is None else start + 1 + fault.end
    return first, min(max(last, first + 1), end)

"""Option values of a plugin from its attributes, and the source position of a fault in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.config.nodes import Span
from toolkit.logstash.event.values import to_text
from toolkit.logstash.options import OptionFault


def values(plugin: nodes.Plugin) -> dict[str, Any]:
    """Return the options of a plugin as plain values, repeated options merged as in Logstash.

    Two hashes become one. Values of a key that both have make an array without duplicates,
    unless one is an array already: those are appended. Other values that differ become an array.
    """
    options: dict[str, Any] = {}
    for attribute in plugin.attributes:
        name, value = attribute.name, _plain(attribute.value)
        options[name] = _again(options[name], value) if name in options else value
    return options


def _again(held: Any, value: Any) -> Any:
    """Merge the value of an option with that of its repetition."""
    if isinstance(held, dict) and isinstance(value, dict):
        return _merged(held, value)
    if isinstance(held, list):
        return [*held, *(value if isinstance(value, list) else [value])]
    return held if value == held else [held, value]


def _merged(held: dict[str, Any], value: dict[str, Any], *, inner: bool = False) -> dict[str, Any]:
    both = {name: _joined(held[name], value[name], inner=inner) for name in held if name in value}
    return {**held, **value, **both}


def _joined(held: Any, value: Any, *, inner: bool) -> Any:
    """Join two values of a key; only in nested hashes do arrays lose their duplicates."""
    if isinstance(held, dict) and isinstance(value, dict):
        return _merged(held, value, inner=True)
    items = held if isinstance(held, list) else [held]
    if isinstance(value, list):
        return [*items, *(each for each in value if not inner or each not in items)]
    return held if value in items else [*items, value]


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
    """Return the span of a fault: an option's name, a value in it, or a part of a string."""
    named = [each for each in plugin.attributes if each.name == fault.option]
    if named and fault.kind in ("unknown-option", "obsolete-option", "unsupported-option"):
        return named[0].name_span
    return place(plugin, fault.option, fault.path, fault.start, fault.end)


def located(plugin: nodes.Plugin, fault: OptionFault) -> Fault:
    """Return the fault of an option with its span in the configuration."""
    span, text = locate(plugin, fault), fault
    return Fault(text.what, span, text.fix, text.why, (), text.logstash, text.kind)


def place(
    plugin: nodes.Plugin,
    option: str,
    path: tuple[str | int, ...] = (),
    start: int | None = None,
    end: int | None = None,
) -> Span:
    """Return the span of an option's value, or of a part of it.

    Args:
        plugin: Its name is returned for an option that is not given.
        option: The name of the option.
        path: Names of hash keys and indices of arrays that lead into the value.
        start: The first character within the string found there; None for all of it.
        end: The character after the last one; None for one character.
    """
    given = [each.value for each in plugin.attributes if each.name == option]
    if not given:
        return plugin.name_span
    found = _find(given, path)
    return _part(found, start, end) if found else given[0].span


def pairs(plugin: nodes.Plugin, option: str) -> Iterator[tuple[Any, nodes.Value]]:
    """Yield the keys and values of a hash option, also if it is written as an array."""
    for each in plugin.attributes:
        if each.name == option:
            yield from _pairs(each.value)


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
    """Return the entries of a hash, or of an array in place of one."""
    match node:
        case nodes.Hash(entries):
            return ((entry.key, entry.value) for entry in entries)
        case nodes.Array(items):
            return zip(items[::2], items[1::2], strict=False)
        case _:
            return ()


def _items(candidates: list[nodes.Value]) -> list[nodes.Value]:
    """Return the elements of arrays; any other value counts as an array of itself."""
    return [
        item
        for candidate in candidates
        for item in (candidate.values if isinstance(candidate, nodes.Array) else (candidate,))
    ]


def _part(node: nodes.Value, start: int | None, end: int | None) -> Span:
    """Narrow a string down to a part, if its value is what is written."""
    first, last = node.span
    if start is None or not isinstance(node, nodes.String) or node.raw != node.value:
        return first, last
    begins = first + 1 + start
    ends = begins + 1 if end is None else first + 1 + end
    return begins, min(max(ends, begins + 1), last)

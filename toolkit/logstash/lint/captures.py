"""Captures of grok that do not end where they seem to: in an array with another one."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.fields import Name, name_of
from toolkit.logstash.grok.captures import captures_of
from toolkit.logstash.grok.outline import Item, is_deep, outline

_fault = FaultTexts(__package__)


def capture_faults(configuration: nodes.Configuration) -> Iterator[Fault]:
    """Look for fields that one match captures twice, or that hold the text that is matched."""
    for plugin in nodes.plugins(configuration.statements("filter")):
        if plugin.name == "grok":
            overwritten = set(_texts(plugin, "overwrite"))
            moved = any(attribute.name == "target" for attribute in plugin.attributes)
            for key, value in attributes.pairs(plugin, "match"):
                source = None if moved else name_of(str(getattr(key, "value", "")))
                for node in nodes.walk(value):
                    if isinstance(node, nodes.String) and node.raw == node.value:
                        yield from _expression(node, source, overwritten)


def _texts(plugin: nodes.Plugin, option: str) -> Iterator[str]:
    for attribute in plugin.attributes:
        if attribute.name == option:
            for node in nodes.walk(attribute.value):
                if isinstance(node, nodes.String | nodes.Bareword):
                    yield node.value


def _expression(node: nodes.String, source: Name | None, overwritten: set[str]) -> Iterator[Fault]:
    if is_deep(node.value):
        return
    captures = _Captures(node.value)
    at = node.span[0] + 1
    for field, (start, end), (first, last) in captures.twice(0, len(node.value)):
        if field not in overwritten:
            marks = (("first here", (at + first, at + last)),)
            yield _fault("captured-twice", (at + start, at + end), marks, field=field)
    for start, (field, end) in captures.found.items():
        if source is not None and name_of(field) == source and field not in overwritten:
            yield _fault("captures-its-source", (at + start, at + end), field=field)


class _Captures:
    """The captures written in an expression, by where they begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = (each for each in captures_of(text, {}) if each.known)
        self.found = {each.start: (each.field, each.end) for each in found}

    def twice(
        self, start: int, end: int
    ) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
        """Yield each field that comes again in one branch, where, and where it came first."""
        for branch in outline(self.text, start, end):
            first: dict[str, tuple[int, int]] = {}
            for item in branch:
                for field, span in self._within(item):
                    if field in first:
                        yield field, span, first[field]
                    first.setdefault(field, span)
                if item.body:
                    yield from self.twice(*item.body)

    def _within(self, item: Item) -> Iterator[tuple[str, tuple[int, int]]]:
        """The fields that an item captures, each once: branches of a group exclude each other."""
        seen: dict[str, tuple[int, int]] = {}
        for start, (field, end) in self.found.items():
            if item.start <= start < item.end:
                seen.setdefault(field, (start, end))
        return iter(seen.items())

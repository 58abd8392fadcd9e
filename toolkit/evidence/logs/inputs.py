"""Fields that the inputs of a Logstash configuration add before the first filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.errors import Unsupported
from toolkit.findings import Finding
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.nodes import plugins
from toolkit.logstash.fields import name_of
from toolkit.logstash.flow.graph import flow_of
from toolkit.logstash.lint.fields import reads
from toolkit.logstash.plugins import described

_JSON, _MULTILINE = ("json", "json_lines"), "multiline"


@dataclass(frozen=True, slots=True)
class InputFields:
    """The properties that all inputs have in common."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    json: bool = False
    """True if each line is decoded as JSON."""
    caveats: tuple[Finding, ...] = ()
    """Fields that filters read and that the inputs set differently."""
    undecided: Finding | None = None
    """The inputs whose codecs differ, so that it is not known how lines are decoded."""


def input_fields(tree: nodes.Configuration, known: Sequence[str]) -> InputFields:
    """Return the common properties of the inputs; ``known`` fields are given otherwise.

    Raises `Unsupported` if every input parses its lines before the filters.
    """
    inputs = list(plugins(tree.statements("input")))
    options = [attributes.values(plugin) for plugin in inputs]
    if parsed := [*_parsed(tree, inputs, options)]:
        raise Unsupported(*parsed)
    added = [_added(each) for each in options]
    names = list(dict.fromkeys(name for fields in added for name in fields))
    differing = [name for name in names if any(f.get(name) != added[0].get(name) for f in added)]
    read = reads(tree, flow_of(tree)) if differing else ()
    asked = {name[0] for name, _, _ in read} - set(known)
    return InputFields(
        {name: added[0][name] for name in names if name not in differing},
        bool(inputs) and all(each.get("codec") in _JSON for each in options),
        tuple(_doubt(tree, inputs, name, added) for name in differing if name in asked),
        _undecided(tree, inputs, [_way(each) for each in options]),
    )


def _way(options: Mapping[str, Any]) -> str:
    """How an input makes events of lines: ``json``, ``multiline``, or ``plain``."""
    codec = options.get("codec")
    return "json" if codec in _JSON else _MULTILINE if codec == _MULTILINE else "plain"


def _undecided(
    tree: nodes.Configuration, inputs: Sequence[nodes.Plugin], ways: Sequence[str]
) -> Finding | None:
    if len(set(ways)) < 2:
        return None
    other = next(number for number, way in enumerate(ways) if way != ways[0])
    shown = " or ".join(f"`{way}`" for way in dict.fromkeys(ways))
    return Finding(
        what=f"the codecs of the inputs differ: {shown}",
        where=tree.sources.locate(inputs[other].name_span),
        why="the input of these lines is not known, so neither is how events are made of them",
        fix=f"add the codec of these lines to the entry of `logs:`: `codec: {ways[other]}`.",
    )


def _parsed(
    tree: nodes.Configuration,
    inputs: Sequence[nodes.Plugin],
    options: Sequence[Mapping[str, Any]],
) -> Iterator[Finding]:
    """Yield a finding if every input parses its lines before the filters."""
    parsers = [
        f"the input `{plugin.name}`"
        if described("input").get(plugin.name, {}).get("parses")
        else f"the codec `{codec}`"
        if described("codec").get(codec := str(given.get("codec", "plain")), {}).get("parses")
        else None
        for plugin, given in zip(inputs, options, strict=True)
    ]
    if parsers and all(parsers):
        yield Finding(
            what=f"{parsers[0]} parses each line before the filters, which is not emulated",
            where=tree.sources.locate(inputs[0].name_span),
            why="the filters get the fields that it makes, not the line",
            fix="send the lines through real Logstash, or accept this under `suppress:`.",
        )


def _added(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that an input sets; ``%{…}`` is not resolved."""
    found: dict[str, Any] = {"type": options["type"]} if "type" in options else {}
    if tags := options.get("tags"):
        found["tags"] = tags if isinstance(tags, list) else [tags]
    for name, value in dict(options.get("add_field", {})).items():
        *outer, last = name_of(name) or (name,)
        inside = found
        for part in outer:
            inside = inside.setdefault(part, {})
        inside[last] = value
    return found


def _doubt(
    tree: nodes.Configuration,
    inputs: Sequence[nodes.Plugin],
    name: str,
    added: Sequence[Mapping[str, Any]],
) -> Finding:
    values = list(_shown(fields.get(name) for fields in added))
    example = next(fields[name] for fields in added if fields.get(name))
    return Finding(
        what=f"the inputs set `{name}` to {' or '.join(values)}, and filters read it",
        where=tree.sources.locate(inputs[0].name_span),
        why="the input of these lines is not known, so neither is the branch they take",
        fix=f"add to the entry of `logs:`: `event: {{{name}: {example}}}`.",
    )


def _shown(values: Iterator[Any]) -> Iterator[str]:
    yield from dict.fromkeys("nothing" if value is None else f"`{value}`" for value in values)

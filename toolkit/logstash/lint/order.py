"""Options whose result depends on the order of a hash, which is not the written one."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.event.hashing import java_ordered
from toolkit.logstash.fields import name_of, read_by

_fault = FaultTexts(__package__)
_CHAINS = ("rename", "copy", "add_field", "replace", "update")


def order_faults(configuration: nodes.Configuration) -> Iterator[Fault]:
    """Look for hashes where one entry needs or hides another, and which runs otherwise."""
    for kind in ("input", "filter", "output"):
        for plugin in nodes.plugins(configuration.statements(kind)):
            if plugin.name == "grok" and _breaks_on_match(plugin):
                yield from _first_match(plugin)
            for option in _CHAINS:
                yield from _chain(plugin, option)


def _breaks_on_match(plugin: nodes.Plugin) -> bool:
    return not any(
        attribute.name == "break_on_match" and getattr(attribute.value, "value", "") == "false"
        for attribute in plugin.attributes
    )


def _ordered(found: list[nodes.HashEntry]) -> list[nodes.HashEntry]:
    return list(java_ordered({str(entry.key.value): entry for entry in found}).values())


def _first_match(plugin: nodes.Plugin) -> Iterator[Fault]:
    """Grok stops at the first field that matches."""
    written = nodes.entries(plugin, "match")
    run = _ordered(written)
    if len(run) > 1 and run != written:
        names = ", ".join(f"`{entry.key.value}`" for entry in run)
        yield _fault("order-of-fields", run[0].key.span, fields=names)


def _chain(plugin: nodes.Plugin, option: str) -> Iterator[Fault]:
    """An entry uses what another one of the same hash makes."""
    written = nodes.entries(plugin, option)
    run = _ordered(written)
    for user in written:
        for maker in written:
            if maker is user or not (_makes(maker, option) & _uses(user, option)):
                continue
            if (run.index(maker) < run.index(user)) == (
                written.index(maker) < written.index(user)
            ):
                continue
            first, second = sorted((maker, user), key=run.index)
            yield _fault(
                "order-of-entries",
                user.span,
                ((f"`{maker.key.value}`", maker.span),),
                first=first.key.value,
                second=second.key.value,
                option=option,
                plugin=plugin.name,
            )


def _makes(entry: nodes.HashEntry, option: str) -> set[object]:
    moved = option in {"rename", "copy"}
    return {name_of(str(getattr(entry.value, "value", "")) if moved else str(entry.key.value))}


def _uses(entry: nodes.HashEntry, option: str) -> set[object]:
    if option in {"rename", "copy"}:
        return {name_of(str(entry.key.value))}
    return {*read_by(getattr(entry.value, "value", ""))}

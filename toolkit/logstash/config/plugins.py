"""Faults in the names and options of plugins.

Option values are the business of each emulated filter; of other plugins only the names of
options are known, and which of them a plugin cannot do without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.plugins import KINDS, Kind, described, is_known


def faults(
    configuration: nodes.Configuration, installed: Mapping[Kind, Iterable[str]] | None = None
) -> Iterator[Fault]:
    """Find plugins that do not exist, and unknown, missing or obsolete options of others.

    ``installed`` names plugins beyond the published ones, and filters that are emulated: their
    options are left out. Logstash finds the same when it loads the plugins, one at a time.
    """
    names = {kind: frozenset(names) for kind, names in (installed or {}).items()}
    for section in configuration.sections:
        for plugin in nodes.plugins(section.body):
            yield from _faults(plugin, section.kind, names)


def _faults(
    plugin: nodes.Plugin, kind: Kind, installed: Mapping[Kind, frozenset[str]]
) -> Iterator[Fault]:
    if plugin.name not in installed.get(kind, ()):
        if not is_known(plugin.name, kind):
            yield _no_such_plugin(plugin.name, plugin.name_span, kind)
            return
        yield from _option_faults(plugin, kind)
    for attribute in plugin.attributes:
        if attribute.name == "codec" and kind in {"input", "output"}:
            yield from _codec_faults(attribute.value, installed)


def _codec_faults(value: nodes.Value, installed: Mapping[Kind, frozenset[str]]) -> Iterator[Fault]:
    if isinstance(value, nodes.Plugin):
        yield from _faults(value, "codec", installed)
    elif isinstance(value, nodes.String | nodes.Bareword) and not (
        is_known(value.value, "codec") or value.value in installed.get("codec", ())
    ):
        yield _no_such_plugin(value.value, value.span, "codec")


def _no_such_plugin(name: str, span: nodes.Span, kind: Kind) -> Fault:
    others = [other for other in KINDS if other != kind and is_known(name, other)]
    near = get_close_matches(name.strip("\"'").lower(), described(kind), 1, 0.75)
    fix = "correct the name, or install the plugin."
    if near:
        fix = f"did you mean `{near[0]}`?"
    elif others:
        fix = f"move it to the {others[0]} section." if kind != "codec" else "name a codec."
    is_other = f", it is of the kind {' and '.join(others)}" if others else ""
    return Fault(
        what=f"there is no {kind} plugin `{name}`{is_other}",
        span=span,
        why="Logstash does not start without a plugin that it is told to use",
        fix=fix,
        logstash=f"Couldn't find any {kind} plugin named '{name}'. Are you sure this is correct?",
    )


def _option_faults(plugin: nodes.Plugin, kind: Kind) -> Iterator[Fault]:
    about = described(kind)[plugin.name]
    if "options" not in about:
        return
    given = {attribute.name for attribute in plugin.attributes}
    for attribute in plugin.attributes:
        if attribute.name in about["obsolete"]:
            yield _obsolete(plugin, attribute, about["obsolete"][attribute.name])
        elif attribute.name not in about["options"]:
            yield _unknown(plugin, kind, attribute, about["options"])
    yield from (_missing(plugin, kind, n) for n in about.get("required", ()) if n not in given)


def _unknown(
    plugin: nodes.Plugin, kind: Kind, attribute: nodes.Attribute, options: Sequence[str]
) -> Fault:
    near = get_close_matches(attribute.name, sorted(options), 1, 0.75)
    fix = f"did you mean `{near[0]}`?" if near else "remove it, or correct its name."
    return Fault(
        what=f"the {kind} `{plugin.name}` has no option `{attribute.name}`",
        span=attribute.name_span,
        why="Logstash does not start with an option that a plugin does not know",
        fix=fix,
        logstash=f"Unknown setting '{attribute.name}' for {plugin.name}",
    )


def _obsolete(plugin: nodes.Plugin, attribute: nodes.Attribute, new: str) -> Fault:
    return Fault(
        what=f"the option `{attribute.name}` of `{plugin.name}` is obsolete",
        span=attribute.name_span,
        why="Logstash does not start with an obsolete option",
        fix=f"use `{new}` instead." if new else "remove it.",
        logstash=f"The setting `{attribute.name}` in plugin `{plugin.name}` is obsolete and is no"
        " longer available.",
    )


def _missing(plugin: nodes.Plugin, kind: Kind, name: str) -> Fault:
    return Fault(
        what=f"the {kind} `{plugin.name}` lacks its option `{name}`",
        span=plugin.name_span,
        why="Logstash does not start without an option that a plugin requires",
        fix=f"add `{name} => …`.",
        logstash=f"Missing a required setting for the {plugin.name} {kind} plugin",
    )

"""Faults in the names and options of plugins.

The values of options are checked by each emulated filter; of other plugins only the names of
options are known, and which of them are required.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from toolkit.languages.releases import at_least
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.config.attributes import located
from toolkit.logstash.config.faults import Fault, FaultTexts
from toolkit.logstash.options import OptionFault, missing_option, unknown_option
from toolkit.logstash.plugins import KINDS, Kind, described, is_known

_fault = FaultTexts(__package__)

PLACEHOLDER = "placeholder"
"""The kind of a fault that goes once the file is finished."""
_PLACEHOLDER = re.compile(r"[^a-z]*[A-Z][^a-z]*")


def faults(
    configuration: nodes.Configuration,
    installed: Mapping[Kind, Iterable[str]] | None = None,
    release: str | None = None,
    ecs: str = "disabled",
) -> Iterator[Fault]:
    """Find plugins that do not exist, and unknown, missing or obsolete options of others.

    Logstash finds the same when it loads the plugins, one at a time.

    Args:
        configuration: The configuration.
        installed: Names of plugins beyond the published ones, and of filters that are
            emulated; their options are left out.
        release: The release of Logstash; None reports only faults in all releases.
        ecs: The ECS compatibility of the pipeline, which is on by default since Logstash 8.
    """
    names = {kind: frozenset(names) for kind, names in (installed or {}).items()}
    for kind, plugin in _plugins(configuration):
        yield from _faults(plugin, kind, names, release)
    by_default = ecs if release is not None and at_least(release, "8.0") else "disabled"
    yield from _ecs_faults(configuration, "missing-in-ecs", by_default)


def _ecs_faults(configuration: nodes.Configuration, row: str, ecs: str) -> Iterator[Fault]:
    """Find missing options that ECS compatibility requires; a plugin's own mode comes first."""
    for kind, plugin in _plugins(configuration):
        values = attributes.values(plugin)
        needs = described(kind).get(plugin.name, {}).get("ecs_required", {})
        for option, unless in (
            needs.items() if values.get("ecs_compatibility", ecs) != "disabled" else ()
        ):
            ((other, end),) = unless.items()
            given = str(values.get(other, ""))
            implied = given.endswith(end) and given != end
            if other in values and option not in values and not implied:
                names = {"plugin": plugin.name, "option": option, "other": other, "end": end}
                yield _fault(row, plugin.name_span, **names, given=given)


def outdated(configuration: nodes.Configuration, ecs: str = "disabled") -> Iterator[Fault]:
    """Find what only releases of Logstash before the newest accept."""
    explicit = {fault.span for fault in _ecs_faults(configuration, "missing-in-ecs", "disabled")}
    for fault in _ecs_faults(configuration, "missing-since-ecs", ecs):
        if fault.span not in explicit:
            yield fault
    for kind, plugin in _plugins(configuration):
        for attribute, release, new in _until(plugin, kind):
            values = {"release": release, "option": attribute.name, "plugin": plugin.name}
            yield _fault("outdated-option", attribute.name_span, **values, new=new)


def _plugins(configuration: nodes.Configuration) -> Iterator[tuple[Kind, nodes.Plugin]]:
    for section in configuration.sections:
        yield from ((section.kind, plugin) for plugin in nodes.plugins(section.body))


def _until(plugin: nodes.Plugin, kind: Kind) -> Iterator[tuple[nodes.Attribute, str, str]]:
    """Yield the options that a release made obsolete, with that release and their successors."""
    removed = described(kind).get(plugin.name, {}).get("until", {})
    for release, options in removed.items():
        for attribute in plugin.attributes:
            if attribute.name in options:
                yield attribute, release, options[attribute.name]


def _faults(
    plugin: nodes.Plugin,
    kind: Kind,
    installed: Mapping[Kind, frozenset[str]],
    release: str | None,
) -> Iterator[Fault]:
    if plugin.name not in installed.get(kind, ()):
        if not is_known(plugin.name, kind):
            yield no_such_plugin(plugin.name, plugin.name_span, kind)
            return
        yield from (located(plugin, each) for each in _option_faults(plugin, kind, release))
    for attribute in plugin.attributes:
        if attribute.name == "codec" and kind in {"input", "output"}:
            yield from _codec_faults(attribute.value, installed, release)


def _codec_faults(
    value: nodes.Value, installed: Mapping[Kind, frozenset[str]], release: str | None
) -> Iterator[Fault]:
    if isinstance(value, nodes.Plugin):
        yield from _faults(value, "codec", installed, release)
    elif isinstance(value, nodes.String | nodes.Bareword) and not (
        is_known(value.value, "codec") or value.value in installed.get("codec", ())
    ):
        yield no_such_plugin(value.value, value.span, "codec")


def no_such_plugin(name: str, span: nodes.Span, kind: Kind) -> Fault:
    """Return the fault of a name that no plugin has, or that is a placeholder for one.

    Args:
        name: The name.
        span: Where it is written.
        kind: The kind of the plugin.
    """
    others = [other for other in KINDS if other != kind and is_known(name, other)]
    near = get_close_matches(name.strip("\"'").lower(), described(kind), 1, 0.75)
    fix = "correct the name, or install the plugin."
    if not near and _PLACEHOLDER.fullmatch(name):
        return Fault(
            what=f"`{name}` is a placeholder for the name of the {kind} plugin",
            span=span,
            why="names of plugins have no capitals: something writes another name there before"
            " Logstash reads the file",
            fix="name the finished file under `pipeline:`.",
            kind=PLACEHOLDER,
        )
    if near:
        fix = f"did you mean `{near[0]}`?"
    elif others:
        fix = f"move it to the {others[0]} section." if kind != "codec" else "name a codec."
    is_other = f", it is of the kind {' and '.join(others)}" if others else ""
    return Fault(
        what=f"there is no {kind} plugin `{name}`{is_other}",
        span=span,
        why="Logstash does not start without a plugin that its configuration names",
        fix=fix,
        logstash=f"Couldn't find any {kind} plugin named '{name}'. Are you sure this is correct?",
    )


def _option_faults(plugin: nodes.Plugin, kind: Kind, release: str | None) -> Iterator[OptionFault]:
    about = described(kind)[plugin.name]
    if "options" not in about:
        return
    given = {attribute.name for attribute in plugin.attributes}
    older = {attribute.name: (since, new) for attribute, since, new in _until(plugin, kind)}
    for attribute in plugin.attributes:
        name = attribute.name
        if name in older:
            since, new = older[name]
            if release is not None and at_least(release, since):
                yield _obsolete(plugin.name, name, new, f" since Logstash {since}")
        elif name in about["obsolete"]:
            yield _obsolete(plugin.name, name, about["obsolete"][name])
        elif name not in about["options"]:
            yield unknown_option(plugin.name, name, about["options"])
    required = (name for name in about.get("required", ()) if name not in given)
    yield from (missing_option(plugin.name, name, kind) for name in required)


def _obsolete(plugin: str, option: str, new: str, since: str = "") -> OptionFault:
    return OptionFault(
        what=f"the option `{option}` of `{plugin}` is obsolete{since}",
        option=option,
        why="Logstash does not start with an obsolete option",
        fix=f"use `{new}` instead." if new else "remove it.",
        kind="obsolete-option",
        logstash=f"The setting `{option}` in plugin `{plugin}` is obsolete and is no longer"
        " available.",
    )

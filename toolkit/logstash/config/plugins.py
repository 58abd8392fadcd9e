"""Faults in the names and options of plugins.

Option values are the business of each emulated filter; of other plugins only the names of
options are known, and which of them a plugin cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.plugins import KINDS, Kind, described, is_known


def faults(
    configuration: nodes.Configuration,
    installed: Mapping[Kind, Iterable[str]] | None = None,
    release: str | None = None,
) -> Iterator[Fault]:
    """Find plugins that do not exist, and unknown, missing or obsolete options of others.

    Logstash finds the same when it loads the plugins, one at a time.

    Args:
        configuration: The configuration.
        installed: Names of plugins beyond the published ones, and of filters that are
            emulated; their options are left out.
        release: The release of Logstash; if it is None, what some release accepts is no fault.
    """
    names = {kind: frozenset(names) for kind, names in (installed or {}).items()}
    for kind, plugin in _plugins(configuration):
        yield from _faults(plugin, kind, names, release)


def outdated(configuration: nodes.Configuration) -> Iterator[Fault]:
    """Find options that only releases of Logstash before the newest accept."""
    for kind, plugin in _plugins(configuration):
        for attribute, release, new in _until(plugin, kind):
            yield Fault(
                what=f"only Logstash before {release} accepts `{attribute.name}`"
                f" of `{plugin.name}`",
                span=attribute.name_span,
                why="the release of Logstash is not known here",
                fix=f"use `{new}`, or state the release:"
                ' `deployment: {versions: {logstash: "8.19"}}`.',
            )


def _plugins(configuration: nodes.Configuration) -> Iterator[tuple[Kind, nodes.Plugin]]:
    for section in configuration.sections:
        yield from ((section.kind, plugin) for plugin in nodes.plugins(section.body))


def _until(plugin: nodes.Plugin, kind: Kind) -> Iterator[tuple[nodes.Attribute, str, str]]:
    """The options of a plugin that are obsolete from some release on, and their successors."""
    removed = described(kind).get(plugin.name, {}).get("until", {})
    for release, options in removed.items():
        for attribute in plugin.attributes:
            if attribute.name in options:
                yield attribute, release, options[attribute.name]


def _numbers(release: str) -> tuple[int, ...]:
    """The numbers of a release, zeros at its end left out: ``9.0`` is ``9``."""
    return tuple(map(int, re.findall(r"\d+", re.sub(r"(\.0+)+$", "", release))))


def _faults(
    plugin: nodes.Plugin,
    kind: Kind,
    installed: Mapping[Kind, frozenset[str]],
    release: str | None,
) -> Iterator[Fault]:
    if plugin.name not in installed.get(kind, ()):
        if not is_known(plugin.name, kind):
            yield _no_such_plugin(plugin.name, plugin.name_span, kind)
            return
        yield from _option_faults(plugin, kind, release)
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
        why="Logstash does not start without a plugin that its configuration names",
        fix=fix,
        logstash=f"Couldn't find any {kind} plugin named '{name}'. Are you sure this is correct?",
    )


def _option_faults(plugin: nodes.Plugin, kind: Kind, release: str | None) -> Iterator[Fault]:
    about = described(kind)[plugin.name]
    if "options" not in about:
        return
    given = {attribute.name for attribute in plugin.attributes}
    older = {attribute.name: (since, new) for attribute, since, new in _until(plugin, kind)}
    for attribute in plugin.attributes:
        if attribute.name in older:
            since, new = older[attribute.name]
            if release is not None and _numbers(release) >= _numbers(since):
                yield _obsolete(plugin, attribute, new, f" since Logstash {since}")
        elif attribute.name in about["obsolete"]:
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


def _obsolete(
    plugin: nodes.Plugin, attribute: nodes.Attribute, new: str, since: str = ""
) -> Fault:
    return Fault(
        what=f"the option `{attribute.name}` of `{plugin.name}` is obsolete{since}",
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

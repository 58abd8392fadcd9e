"""The plugins that come with Logstash 9.2, and faults in their names and options.

Option values are the business of each emulated filter; of other plugins only the names of
options are known, and which of them a plugin cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from toolkit.findings import Finding
from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.config.plugin_options import OPTIONS, Kind

__all__ = ["BUNDLED", "check", "is_known"]

_MARKED = re.compile(r"(\w+)(.*)")
_NAMES: Mapping[Kind, str] = {
    "input": "azure_event_hubs beats cloudwatch couchdb_changes dead_letter_queue"
    " elastic_serverless_forwarder elasticsearch exec file ganglia gelf generator graphite"
    " heartbeat http http_poller java_generator java_stdin jdbc jms kafka logstash pipe"
    " pipeline rabbitmq redis s3 snmp snmptrap sqs stdin syslog tcp twitter udp unix",
    "filter": "aggregate anonymize cidr clone csv date de_dot dissect dns drop"
    " elastic_integration elasticsearch fingerprint geoip grok http java_uuid jdbc_static"
    " jdbc_streaming json kv memcached metrics mutate prune ruby sleep split syslog_pri"
    " throttle translate truncate urldecode useragent uuid xml",
    "output": "cloudwatch csv elasticsearch email file graphite http java_stdout kafka"
    " logstash lumberjack nagios null pipe pipeline rabbitmq redis s3 sink sns sqs stdout tcp"
    " udp webhdfs",
    "codec": "avro cef cloudfront cloudtrail collectd dots edn edn_lines es_bulk fluent"
    " graphite java_line java_plain jdots json json_lines line msgpack multiline netflow plain"
    " rubydebug",
}
BUNDLED: Mapping[Kind, frozenset[str]] = {
    kind: frozenset(names.split()) for kind, names in _NAMES.items()
}
"""The names of all plugins of the distribution, by kind."""


def is_known(name: str, kind: Kind | None = None) -> bool:
    """Whether Logstash brings a plugin of this name, of one kind or of any."""
    kinds = BUNDLED.values() if kind is None else [BUNDLED[kind]]
    return any(name in names for names in kinds)


def check(
    configuration: nodes.Configuration, installed: Mapping[Kind, frozenset[str]] | None = None
) -> tuple[Finding, ...]:
    """Find plugins that do not exist, and unknown, missing or obsolete options of others.

    ``installed`` names plugins beyond the bundled ones. Options of emulated filters are
    left out. Logstash finds the same when it loads the plugins, one at a time.
    """
    faults = (
        fault
        for section in configuration.sections
        for plugin in _plugins(section.body)
        for fault in _faults(plugin, section.kind, installed or {})
    )
    return tuple(fault.finding(configuration.sources) for fault in faults)


def _plugins(statements: Iterable[nodes.Statement]) -> Iterator[nodes.Plugin]:
    for statement in statements:
        if isinstance(statement, nodes.Plugin):
            yield statement
        else:
            for entry in statement.entries:
                yield from _plugins(entry.body)


def _faults(
    plugin: nodes.Plugin, kind: Kind, installed: Mapping[Kind, frozenset[str]]
) -> Iterator[Fault]:
    if not is_known(plugin.name, kind):
        if plugin.name not in installed.get(kind, ()):
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
    others = [other for other in BUNDLED if other != kind and name in BUNDLED[other]]
    near = get_close_matches(name.strip("\"'").lower(), sorted(BUNDLED[kind]), 1, 0.75)
    fix = "Correct the name, or install the plugin."
    if near:
        fix = f"Did you mean `{near[0]}`?"
    elif others:
        fix = f"Move it to the {others[0]} section." if kind != "codec" else "Name a codec."
    what = f"there is no {kind} plugin `{name}`"
    if others:
        what += f", it is of the kind {' and '.join(others)}"
    why = f"Logstash does not start: Couldn't find any {kind} plugin named '{name}'"
    return Fault(what=what, span=span, why=why, fix=fix)


@cache
def _options(kind: Kind, name: str) -> Mapping[str, str] | None:
    """The options of a plugin, each with its mark: nothing, ``!``, ``~`` or ``~new``."""
    if name not in OPTIONS[kind]:
        return None
    words = f"{OPTIONS[kind]['*']} {OPTIONS[kind][name]}".split()
    return {match[1]: match[2] for word in words if (match := _MARKED.fullmatch(word))}


def _option_faults(plugin: nodes.Plugin, kind: Kind) -> Iterator[Fault]:
    options = _options(kind, plugin.name)
    if options is None:
        return
    given = {attribute.name for attribute in plugin.attributes}
    for attribute in plugin.attributes:
        mark = options.get(attribute.name)
        if mark is None:
            yield _unknown(plugin, kind, attribute, options)
        elif mark.startswith("~"):
            yield _obsolete(plugin, attribute, mark[1:])
    for name, mark in options.items():
        if mark == "!" and name not in given:
            yield _missing(plugin, kind, name)


def _unknown(
    plugin: nodes.Plugin, kind: Kind, attribute: nodes.Attribute, options: Mapping[str, str]
) -> Fault:
    current = sorted(name for name, mark in options.items() if not mark.startswith("~"))
    near = get_close_matches(attribute.name, current, 1, 0.75)
    fix = f"Did you mean `{near[0]}`?" if near else "Remove it, or correct its name."
    return Fault(
        what=f"the {kind} `{plugin.name}` has no option `{attribute.name}`",
        span=attribute.name_span,
        why=f"Logstash does not start: Unknown setting '{attribute.name}' for {plugin.name}",
        fix=fix,
    )


def _obsolete(plugin: nodes.Plugin, attribute: nodes.Attribute, new: str) -> Fault:
    return Fault(
        what=f"the option `{attribute.name}` of `{plugin.name}` is obsolete",
        span=attribute.name_span,
        why="Logstash does not start with an obsolete option",
        fix=f"Use `{new}` instead." if new else "Remove it.",
    )


def _missing(plugin: nodes.Plugin, kind: Kind, name: str) -> Fault:
    return Fault(
        what=f"the {kind} `{plugin.name}` lacks its option `{name}`",
        span=plugin.name_span,
        why=f"Logstash does not start: Missing a required setting for the {plugin.name} {kind}"
        " plugin",
        fix=f"Write `{name} => …`.",
    )

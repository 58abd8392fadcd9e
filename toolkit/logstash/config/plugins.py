"""Logstash's plugins, and faults in their names and options.

Option values are the business of each emulated filter; of other plugins only the names of
options are known, and which of them a plugin cannot do without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache

from toolkit.logstash.config import nodes
from toolkit.logstash.config.faults import Fault
from toolkit.logstash.config.plugin_options import OPTIONS, Kind

__all__ = ["BUNDLED", "PUBLISHED", "faults", "is_known"]

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
"""The names of all plugins that come with Logstash 9.2.0, by kind."""
_FURTHER: Mapping[Kind, str] = {
    "input": "elastic_agent github google_cloud_storage google_pubsub imap irc jmx kinesis"
    " log4j lumberjack meetup opensearch puppet_facter relp rss salesforce sqlite stomp"
    " varnishlog websocket wmi xmpp zenoss zeromq",
    "filter": "age alter bytes cipher elapsed environment extractnumbers i18n json_encode math"
    " metaevent metricize range threats_classifier tld wurfl_device",
    "output": "boundary circonus datadog datadog_metrics dynatrace elastic_app_search"
    " elastic_workplace_search exec ganglia gelf google_bigquery google_cloud_storage"
    " google_pubsub graphtastic influxdb irc juggernaut librato loggly metriccatcher mongodb"
    " nagios_nsca opensearch opentsdb pagerduty redmine riak riemann solr_http statsd stomp"
    " syslog timber websocket xmpp zabbix zeromq",
    "codec": "csv gzip_lines nmap oldlogstashjson protobuf s3plain sflow",
}
PUBLISHED: Mapping[Kind, frozenset[str]] = {
    kind: BUNDLED[kind] | frozenset(names.split()) for kind, names in _FURTHER.items()
}
"""Those, and what Elastic lists for installing; somebody who uses them has installed them."""


def is_known(name: str, kind: Kind | None = None) -> bool:
    """Whether there is a plugin of this name, of one kind or of any."""
    kinds = PUBLISHED.values() if kind is None else [PUBLISHED[kind]]
    return any(name in names for names in kinds)


def faults(
    configuration: nodes.Configuration, installed: Mapping[Kind, Iterable[str]] | None = None
) -> Iterator[Fault]:
    """Find plugins that do not exist, and unknown, missing or obsolete options of others.

    ``installed`` names plugins beyond the published ones, and filters that are emulated: their
    options are left out. Logstash finds the same when it loads the plugins, one at a time.
    """
    names = {kind: frozenset(names) for kind, names in (installed or {}).items()}
    for section in configuration.sections:
        for plugin in _plugins(section.body):
            yield from _faults(plugin, section.kind, names)


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
    others = [other for other in PUBLISHED if other != kind and name in PUBLISHED[other]]
    near = get_close_matches(name.strip("\"'").lower(), sorted(PUBLISHED[kind]), 1, 0.75)
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

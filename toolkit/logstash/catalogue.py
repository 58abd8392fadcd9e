"""The names of Logstash's plugins: those that come with release 9.2, or that Elastic lists."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Literal

__all__ = ["Kind", "is_plugin", "kinds_of", "similar"]

Kind = Literal["input", "filter", "output", "codec"]

_INPUTS = """
azure_event_hubs beats cloudwatch couchdb_changes dead_letter_queue elastic_agent
elastic_serverless_forwarder elasticsearch exec file ganglia gelf generator github
google_cloud_storage google_pubsub graphite heartbeat http http_poller imap irc java_generator
java_stdin jdbc jms jmx kafka kinesis logstash log4j lumberjack meetup opensearch pipe pipeline
puppet_facter rabbitmq redis relp rss s3 salesforce snmp snmptrap sqlite sqs stdin stomp syslog
tcp twitter udp unix varnishlog websocket wmi xmpp zenoss zeromq
"""
_FILTERS = """
age aggregate alter anonymize bytes cidr cipher clone csv date de_dot dissect dns drop elapsed
elastic_integration elasticsearch environment extractnumbers fingerprint geoip grok http i18n
java_uuid jdbc_static jdbc_streaming json json_encode kv math memcached metaevent metricize
metrics mutate prune range ruby sleep split syslog_pri threats_classifier throttle tld
translate truncate urldecode useragent uuid wurfl_device xml
"""
_OUTPUTS = """
boundary circonus cloudwatch csv datadog datadog_metrics dynatrace elastic_app_search
elastic_workplace_search elasticsearch email exec file ganglia gelf google_bigquery
google_cloud_storage google_pubsub graphite graphtastic http influxdb irc java_stdout
juggernaut kafka librato logstash loggly lumberjack metriccatcher mongodb nagios nagios_nsca
null opensearch opentsdb pagerduty pipe pipeline rabbitmq redis redmine riak riemann s3 sink
sns solr_http sqs statsd stdout stomp syslog tcp timber udp webhdfs websocket xmpp zabbix
zeromq
"""
_CODECS = """
avro cef cloudfront cloudtrail collectd csv dots edn edn_lines es_bulk fluent graphite
gzip_lines java_line java_plain jdots json json_lines line msgpack multiline netflow nmap
oldlogstashjson plain protobuf rubydebug s3plain sflow
"""
_NAMES: dict[Kind, frozenset[str]] = {
    "input": frozenset(_INPUTS.split()),
    "filter": frozenset(_FILTERS.split()),
    "output": frozenset(_OUTPUTS.split()),
    "codec": frozenset(_CODECS.split()),
}


def is_plugin(kind: Kind, name: str) -> bool:
    """Whether Logstash has a plugin of this kind and name (installed or to be installed)."""
    return name in _NAMES[kind]


def kinds_of(name: str) -> list[Kind]:
    """The kinds of plugin that have this name.

    >>> kinds_of("json"), kinds_of("frobnicate")
    (['filter', 'codec'], [])
    """
    return [kind for kind, names in _NAMES.items() if name in names]


def similar(kind: Kind, name: str) -> str | None:
    """The name of a plugin of this kind that ``name`` may have meant."""
    return next(iter(get_close_matches(name, sorted(_NAMES[kind]), n=1, cutoff=0.7)), None)

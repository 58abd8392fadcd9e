"""The addresses to which programs of a deployment connect, by their configuration.

Sources: the references of Logstash's plugins, Filebeat's outputs, Kibana's settings, Prometheus's
configuration and Grafana's provisioning.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.deployment.deployment import Deployment
from toolkit.deployment.recognition import FileKind, recognise
from toolkit.deployment.site import Mount, Site, Unknown
from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.languages.positioned import Positioned, PositionedNode, placed_in
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_3
from toolkit.logstash.config import attributes, nodes

_ADDRESS = re.compile(
    r"(?:(?P<scheme>[A-Za-z][\w+.-]*)://)?(?:[^@/\s]*@)?"
    r"(?P<host>\[[^\]]*\]|[^:/\s,?\[\]${}%<>*]+)(?::(?P<port>\d+))?(?:[/?]\S*)?"
)
_REFERENCE = re.compile(r"\$\{(\w+)(?::(-?[^}]*))?\}|\$(\w+)")
_PORTS = {"http": 80, "https": 443, "redis": 6379, "amqp": 5672, "mongodb": 27017}
_LEAST, _MOST = 80, 65535
_SETTING = re.compile(r"-E\s*([\w.]+)=(\S+)")


@dataclass(frozen=True, slots=True)
class PeerAddress:
    """A host and port to which a program connects."""

    program: str
    """Such as ``Filebeat``."""
    wanted: str
    """The product that it expects there, as images are named; empty if any."""
    host: str
    port: int
    where: Location
    """The place where the address is written: a variable's, if it comes from one."""
    sites: tuple[Site, ...]
    """Where the program runs."""
    by_form: bool = False
    """True if only its form shows that a text is an address."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class _Option(NamedTuple):
    name: str
    port: int
    """The one that counts where none is written; 0 if that depends on the protocol."""
    wanted: str = ""


_PLUGINS: Mapping[tuple[str, str], _Option] = {
    ("output", "elasticsearch"): _Option("hosts", 9200, "elasticsearch"),
    ("input", "elasticsearch"): _Option("hosts", 9200, "elasticsearch"),
    ("filter", "elasticsearch"): _Option("hosts", 9200, "elasticsearch"),
    ("output", "opensearch"): _Option("hosts", 9200, "opensearch"),
    ("output", "logstash"): _Option("hosts", 9800, "logstash"),
    ("output", "http"): _Option("url", 0),
    ("output", "kafka"): _Option("bootstrap_servers", 9092, "kafka"),
    ("input", "kafka"): _Option("bootstrap_servers", 9092, "kafka"),
    ("output", "redis"): _Option("host", 6379, "redis"),
    ("input", "redis"): _Option("host", 6379, "redis"),
    ("output", "rabbitmq"): _Option("host", 5672, "rabbitmq"),
    ("input", "rabbitmq"): _Option("host", 5672, "rabbitmq"),
    ("output", "tcp"): _Option("host", 0),
    ("output", "udp"): _Option("host", 0),
    ("filter", "memcached"): _Option("hosts", 11211, "memcached"),
}
_BEATS = (
    _Option("output.logstash.hosts", 5044, "logstash"),
    _Option("output.elasticsearch.hosts", 9200, "elasticsearch"),
    _Option("output.kafka.hosts", 9092, "kafka"),
    _Option("output.redis.hosts", 6379, "redis"),
    _Option("setup.kibana.host", 5601, "kibana"),
)
_KIBANA = (
    ("ELASTICSEARCH_HOSTS", "elasticsearch.hosts", "elasticsearch"),
    ("ELASTICSEARCH_URL", "elasticsearch.url", "elasticsearch"),
    ("OPENSEARCH_HOSTS", "opensearch.hosts", "opensearch"),
)


def parsed(text: str, default: int = 0) -> Iterator[tuple[str, int]]:
    """Yield the hosts and ports of a text with one or several addresses.

    >>> list(parsed("http://u:p@es:9200/x, es2", 9200)), list(parsed('["https://a"]'))
    ([('es', 9200), ('es2', 9200)], [('a', 443)])
    """
    for part in _listed(text):
        found = _ADDRESS.fullmatch(part.strip())
        port = found and (found["port"] or default or _PORTS.get(found["scheme"] or ""))
        if found and port:
            yield found["host"], int(port)


def _listed(text: str) -> Sequence[str]:
    if text.lstrip().startswith("["):
        try:
            found = json.loads(text.replace("'", '"'))
        except ValueError:
            found = None
        if isinstance(found, list):
            return [str(each) for each in found]
    return text.split(",")


def logstash_addresses(
    tree: nodes.Configuration, sites: tuple[Site, ...]
) -> Iterator[PeerAddress]:
    """Yield the addresses of a configuration's plugins.

    Args:
        tree: The configuration, its variables filled in.
        sites: Where Logstash runs it.
    """
    sections: tuple[nodes.SectionKind, ...] = ("input", "filter", "output")
    for section in sections:
        for plugin in nodes.plugins(tree.statements(section)):
            option = _PLUGINS.get((section, plugin.name))
            if option is None:
                continue
            given = attributes.values(plugin)
            stated = str(given.get("port", ""))
            port = int(stated) if stated.isdigit() else option.port
            if given.get("mode") == "server":
                continue
            for node in _strings(plugin, option.name):
                where, at = _origin(node.raw, sites) or (tree.sources.locate(node.span), sites)
                for host, number in parsed(node.value, port):
                    yield PeerAddress("Logstash", option.wanted, host, number, where, at)


def _strings(plugin: nodes.Plugin, option: str) -> Iterator[nodes.String]:
    for attribute in plugin.attributes:
        if attribute.name == option:
            yield from (
                each for each in nodes.walk(attribute.value) if isinstance(each, nodes.String)
            )


def _origin(raw: str, sites: Iterable[Site]) -> tuple[Location, tuple[Site, ...]] | None:
    """The place that sets the variable which a text refers to, and the site of it."""
    for found in _REFERENCE.finditer(raw):
        for site in sites:
            if held := site.environment.get(found[1] or found[3]):
                return held.origin, (site,)
    return None


def configured_addresses(deployment: Deployment) -> Iterator[PeerAddress]:
    """Yield the addresses in the files and variables of all products but Logstash."""
    yield from _beats(deployment)
    yield from _kibana(deployment)
    yield from _grafana(deployment)
    yield from _prometheus(deployment)


def variable_addresses(deployment: Deployment) -> Iterator[PeerAddress]:
    """Yield what has the form of an address among the variables of all other programs.

    A name with a small number behind it is as well an image with its version.
    """
    for site in deployment.sites:
        for variable in () if site.product else site.environment.values():
            for host, port in parsed(variable.value or ""):
                if "://" in (variable.value or "") or _LEAST <= port <= _MOST:
                    program = f"`{site.name}`"
                    yield PeerAddress(program, "", host, port, variable.origin, (site,), True)


class _Read(NamedTuple):
    """A configuration, and the sites that read it."""

    node: PositionedNode
    sites: tuple[Site, ...]


def _read(deployment: Deployment, kind: FileKind, product: str) -> Iterator[_Read]:
    """Yield the configurations of a kind: files, and the entries of ConfigMaps at the sites.

    A file that no site has is that of the sites without any, if there is no other such file.
    """
    all_sites = deployment.running(product)
    entries = [(site, each) for site in all_sites for each in site.mounts if _is_entry(each, kind)]
    files = [path for path, each in deployment.kinds.items() if each == kind]
    served = {path: deployment.holding(product, (path,)) for path in files}
    known = {id(site) for found in served.values() for site in found}
    known |= {id(site) for site, _ in entries}
    free = tuple(site for site in all_sites if id(site) not in known)
    unserved = [path for path in files if not served[path]]
    texts = set()
    for path in files:
        text = deployment.tree.text(path)
        texts.add(text.strip())
        if node := _document(text, deployment.tree.shown(path)):
            yield _Read(node, served[path] or (() if unserved[1:] else free))
    for site, mount in entries:
        text = (mount.text or "").strip()
        node = None if text in texts else _document(text, mount.origin.source, mount.origin)
        texts.add(text)
        if node:
            yield _Read(node, (site,))


def _is_entry(mount: Mount, kind: FileKind) -> bool:
    """True if a ConfigMap's entry is a configuration of a kind."""
    return bool(mount.text) and recognise(mount.target, mount.text or "") == kind


def _document(text: str, source: str, within: Location | None = None) -> PositionedNode | None:
    try:
        found = read_document(text, source, GO_YAML_3, what="the configuration")
    except InputError:
        return None  # It is the matter of the check of that file.
    if within is not None:
        found = Positioned(
            found.text,
            found.value,
            lambda at, width: _moved(placed_in(source, text)(at, width), within),
            found.scan,
        )
    return PositionedNode(found)


def _moved(where: Location, block: Location) -> Location:
    """The place of a line of a block of text in the file around it."""
    if where.line is None or block.line is None:
        return block
    return Location(where.source, block.line + where.line)


def filled(deployment: Deployment, sites: Sequence[Site], text: str) -> str | None:
    """Return a text of Beats, Kibana or Grafana with its variables filled in.

    Args:
        deployment: The deployment.
        sites: Where the program runs.
        text: The text, with ``${NAME}`` or ``${NAME:default}``.

    Returns:
        The text; None if the value of a variable is not known.
    """
    missing = []

    def value(reference: re.Match[str]) -> str:
        name = reference[1] or reference[3]
        known = deployment.variable(sites, name)
        if not isinstance(known, Unknown):
            return known.value
        opened = any(name in site.environment or site.open_environment for site in sites)
        if reference[2] is None or opened:
            missing.append(name)
        return (reference[2] or "").removeprefix("-")

    found = _REFERENCE.sub(value, text)
    return None if missing else found


def _addresses(
    deployment: Deployment,
    program: str,
    wanted: str,
    read: _Read,
    path: Sequence[str | int],
    port: int,
) -> Iterator[PeerAddress]:
    """The addresses in the text, or the list of texts, at a path of a configuration."""
    node = read.node.at(*path)
    parts = list(node.values()) if isinstance(node.value, list) else [node]
    for part in parts:
        raw = part.value
        text = filled(deployment, read.sites, raw) if isinstance(raw, str) else None
        for host, number in parsed(text, port) if text else ():
            where, sites = _origin(str(raw), read.sites) or (part.locate(), read.sites)
            yield PeerAddress(program, wanted, host, number, where, sites)


def _option_path(node: PositionedNode, name: str) -> tuple[str, ...] | None:
    """The path of a setting, which may be written with dots or as nested mappings."""
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        key = ".".join(parts[:size])
        if node.get(key) is not None:
            if size == len(parts):
                return (key,)
            below = _option_path(node.at(key), ".".join(parts[size:]))
            if below is not None:
                return (key, *below)
    return None


def _beats(deployment: Deployment) -> Iterator[PeerAddress]:
    for kind, product in (
        ("Filebeat configuration", "filebeat"),
        ("Beats configuration", "metricbeat"),
    ):
        for read in _read(deployment, kind, product):  # type: ignore[arg-type]
            given = {
                found[1]
                for site in read.sites
                for found in _SETTING.finditer(" ".join(site.command))
            }
            for option in _BEATS:
                path = _option_path(read.node, option.name)
                output = option.name.rpartition(".")[0]
                off = read.node.get(*(_option_path(read.node, f"{output}.enabled") or ("",)))
                if path and option.name not in given and off is not False:
                    yield from _addresses(
                        deployment, product.capitalize(), option.wanted, read, path, option.port
                    )


def _kibana(deployment: Deployment) -> Iterator[PeerAddress]:
    files = list(_read(deployment, "Kibana settings", "kibana"))
    for site in deployment.running("kibana"):
        for variable, setting, wanted in _KIBANA:
            held = site.environment.get(variable)
            if held and held.value:
                for host, port in parsed(held.value):
                    yield PeerAddress("Kibana", wanted, host, port, held.origin, (site,))
                continue
            for read in files:
                path = _option_path(read.node, setting)
                if path and held is None and site in read.sites:
                    alone = _Read(read.node, (site,))
                    yield from _addresses(deployment, "Kibana", wanted, alone, path, 0)


def _grafana(deployment: Deployment) -> Iterator[PeerAddress]:
    for read in _read(deployment, "Grafana provisioning", "grafana"):
        for index, source in read.node.items("datasources"):
            if source.get("access") not in ("direct", "browser"):
                wanted = str(source.get("type") or "")
                path = ("datasources", index, "url")
                yield from _addresses(deployment, "Grafana", wanted, read, path, 0)


def _prometheus(deployment: Deployment) -> Iterator[PeerAddress]:
    for read in _read(deployment, "Prometheus configuration", "prometheus"):
        for path, wanted, port in _endpoints(read.node):
            yield from _addresses(deployment, "Prometheus", wanted, read, path, port)


def _endpoints(node: PositionedNode) -> Iterator[tuple[tuple[str | int, ...], str, int]]:
    """The path of each list of addresses, what is expected there, and the default port."""
    for key, _ in node.items("scrape_configs"):
        job = ("scrape_configs", key)
        port = _PORTS.get(str(node.get(*job, "scheme") or "http"), 80)
        if not any(_redirected(each.value) for each in node.values(*job, "relabel_configs")):
            for index, _ in node.items(*job, "static_configs"):
                yield (*job, "static_configs", index, "targets"), "", port
    for key, _ in node.items("alerting", "alertmanagers"):
        for index, _ in node.items("alerting", "alertmanagers", key, "static_configs"):
            path = ("alerting", "alertmanagers", key, "static_configs", index, "targets")
            yield path, "alertmanager", 80
    for kind in ("remote_write", "remote_read"):
        for key, _ in node.items(kind):
            yield (kind, key, "url"), "", 0


def _redirected(relabeling: Any) -> bool:
    """True if a relabeling replaces the address, as with probes by an exporter."""
    return isinstance(relabeling, dict) and relabeling.get("target_label") == "__address__"

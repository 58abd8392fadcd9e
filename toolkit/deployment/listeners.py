"""The ports at which the programs of a deployment listen.

Sources: the references of the products' settings, and the images' documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit.deployment.deployment import Content, Deployment
from toolkit.deployment.site import Site, Unknown
from toolkit.findings import Location
from toolkit.logstash.config import attributes, nodes

_INPUTS: Mapping[str, int | None] = {
    **dict.fromkeys(("beats", "elastic_agent", "lumberjack", "tcp", "udp"), None),
    "http": 8080,
    "syslog": 514,
    "gelf": 12201,
    "graphite": 2003,
    "snmptrap": 1062,
    "logstash": 9800,
    "elastic_serverless_forwarder": 8080,
}
"""The inputs of Logstash that listen, and the port where none is written."""
_API = range(9600, 9701)


class _Product(NamedTuple):
    """The settings of a product's port, and the ports that it has without them."""

    default: int
    variables: tuple[str, ...] = ()
    file: str = ""
    """The settings file in its image."""
    setting: str = ""
    others: tuple[int, ...] = ()
    option: str = ""
    """The option of its command line."""


_ELASTIC = "/usr/share/elasticsearch/config/elasticsearch.yml"
_PRODUCTS: Mapping[str, _Product] = {
    "elasticsearch": _Product(9200, ("http.port",), _ELASTIC, "http.port"),
    "opensearch": _Product(9200, ("http.port",), others=(9600,)),
    "kibana": _Product(
        *(5601, ("SERVER_PORT", "server.port"), "/usr/share/kibana/config/kibana.yml"),
        "server.port",
    ),
    "grafana": _Product(3000, ("GF_SERVER_HTTP_PORT",)),
    "prometheus": _Product(9090, option="--web.listen-address"),
    "alertmanager": _Product(9093, option="--web.listen-address"),
}
_IMAGES: Mapping[str, int] = {
    "node-exporter": 9100,
    "cadvisor": 8080,
    "pushgateway": 9091,
    "blackbox-exporter": 9115,
    "elasticsearch-exporter": 9114,
    "redis": 6379,
    "kafka": 9092,
    "cp-kafka": 9092,
    "loki": 3100,
    "nginx": 80,
    "postgres": 5432,
    "mysql": 3306,
    "mongo": 27017,
    "memcached": 11211,
    "rabbitmq": 5672,
}
"""The default port of images whose programs are configured in ways that are not read here."""
_PLAIN = re.compile(r"(?P<name>[a-z]+)(?:-(?:oss|full|wolfi|ubi\d*|x-pack|enterprise))?")


@dataclass(frozen=True, slots=True)
class Listener:
    """A port at which a program listens, and what makes it so."""

    port: int
    origin: Location
    stated: bool = False
    """True if a configuration names the port; else it is the default."""


@dataclass(frozen=True, slots=True)
class Listening:
    """The ports of a site."""

    listeners: tuple[Listener, ...]
    whole: bool
    """True if it listens at no other port."""


@dataclass(frozen=True, slots=True)
class RunningPipeline:
    """A configuration of Logstash, its variables filled in, and where it runs."""

    tree: nodes.Configuration
    sites: tuple[Site, ...]


def listening(
    deployment: Deployment, site: Site, pipelines: Sequence[RunningPipeline]
) -> Listening:
    """Return the ports at which a site listens.

    Args:
        deployment: The deployment.
        site: One of its sites.
        pipelines: The configurations of Logstash that are known.
    """
    plain = _PLAIN.fullmatch(site.image.repository) if site.image else None
    name = plain["name"] if plain else ""
    if name == "logstash":
        return _logstash(site, pipelines)
    if name in _PRODUCTS:
        return _product(deployment, site, _PRODUCTS[name])
    image = (site.image.repository if site.image else "").replace("_", "-")
    standard = [Listener(_IMAGES[image], site.origin)] if image in _IMAGES else []
    return Listening((*(Listener(p.number, site.origin) for p in site.ports), *standard), False)


def _logstash(site: Site, pipelines: Sequence[RunningPipeline]) -> Listening:
    here = [each for each in pipelines if site in each.sites]
    found: list[Listener] = []
    whole = bool(here)
    for running in here:
        for plugin in nodes.plugins(running.tree.statements("input")):
            if plugin.name in _INPUTS:
                port = attributes.values(plugin).get("port", _INPUTS[plugin.name])
                if not str(port).isdigit():
                    whole = False
                    continue
                found.append(Listener(int(str(port)), _place(running.tree, plugin), stated=True))
    found += [Listener(port, site.origin) for port in _API]
    return Listening(tuple(found), whole)


def _place(tree: nodes.Configuration, plugin: nodes.Plugin) -> Location:
    """The port of an input, or its name."""
    stated = [each for each in plugin.attributes if each.name == "port"]
    return tree.sources.locate(stated[0].span if stated else plugin.name_span)


def _product(deployment: Deployment, site: Site, product: _Product) -> Listening:
    stated = list(_stated(deployment, site, product))
    known = [each for each in stated if each is not None]
    first = known[0] if known else Listener(product.default, site.origin)
    others = (Listener(port, site.origin) for port in product.others)
    return Listening((first, *others), whole=None not in stated)


def _stated(deployment: Deployment, site: Site, product: _Product) -> Iterator[Listener | None]:
    """Yield the ports that variables, options and files set; None for one that is not known."""
    for name in product.variables:
        if held := site.environment.get(name):
            port = held.value and held.value.isdigit()
            yield Listener(int(held.value or 0), held.origin, stated=True) if port else None
    words = " ".join(site.command)
    if product.option and (
        found := re.search(rf"{re.escape(product.option)}[= ]\S*?:?(\d+)(?:\s|$)", words)
    ):
        yield Listener(int(found[1]), site.origin, stated=True)
    if product.file and any(product.file.startswith(mount.target) for mount in site.mounts):
        files = deployment.files((site,), product.file)
        if isinstance(files, Unknown):
            yield None
            return
        for content in files:
            yield from _setting(content, product.setting)


def _setting(content: Content, setting: str) -> Iterator[Listener | None]:
    text = content.data.decode("utf-8", "replace")
    found = re.search(
        rf"^[ \t]*{re.escape(setting)}[ \t]*:[ \t]*[\"']?(\S+?)[\"']?[ \t]*$", text, re.M
    )
    if found:
        line = text.count("\n", 0, found.start()) + 1
        where = Location(content.origin.source, line) if content.source else content.origin
        yield Listener(int(found[1]), where, stated=True) if found[1].isdigit() else None

"""Sites: the containers and host processes in which programs run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from toolkit.deployment.variables import Variable
from toolkit.findings import Location

ValueT = TypeVar("ValueT")
Kind: TypeAlias = Literal["compose", "dockerfile", "kubernetes", "stated"]

PRODUCTS = (
    "logstash",
    "elasticsearch",
    "kibana",
    "filebeat",
    "metricbeat",
    "prometheus",
    "alertmanager",
    "grafana",
    "opensearch",
)
"""The programs whose files are read, by the names of their images."""
_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,2})(?:$|[-_+])")
_EDITIONS = re.compile(r"-(?:oss|full|basic|platinum|x-pack|wolfi|ubi\d*)")


@dataclass(frozen=True, slots=True)
class Known(Generic[ValueT]):
    """A value that the repository or the contract states."""

    value: ValueT
    origin: Location


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that neither the repository nor the contract states."""

    reason: str


@dataclass(frozen=True, slots=True)
class Image:
    """The image a container is started from."""

    name: str
    """Registry, path and tag as written, variables filled in where they are known."""
    origin: Location

    @property
    def repository(self) -> str:
        """The last part of the path, without tag and digest.

        >>> Image("docker.elastic.co/logstash/logstash:8.15.0", Location("x")).repository
        'logstash'
        """
        return self.name.partition("@")[0].rpartition("/")[2].partition(":")[0]

    @property
    def tag(self) -> str:
        """The tag; empty without one."""
        return self.name.partition("@")[0].rpartition("/")[2].partition(":")[2]

    @property
    def version(self) -> str | None:
        """The version that the tag begins with, such as ``8.15.0``; None for ``latest``."""
        found = _VERSION.match(self.tag)
        return found[1] if found else None

    @property
    def product(self) -> str:
        """Which of `PRODUCTS` it is the image of, its tag being the version; else empty.

        >>> Image("elasticsearch/elasticsearch-oss:7.10.2", Location("x")).product
        'elasticsearch'
        >>> Image("prometheus-operator/prometheus-operator:v0.8.0", Location("x")).product
        ''
        """
        name = _EDITIONS.sub("", self.repository)
        return name if name in PRODUCTS else ""


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of a site, and the content it has there."""

    target: str
    """An absolute path at the site."""
    source: str | None
    """A path in the repository, of a file or folder; None if the content is not in a file."""
    origin: Location
    text: str | None = None
    """The content, if it is written where the mount is, as in a ConfigMap."""
    reason: str = ""
    """Why the content is not known, if it is not."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that a site listens at."""

    number: int
    name: str = ""
    published: int | None = None
    """The port of the host, if there is one."""
    protocol: str = "tcp"
    origin: Location | None = field(default=None, compare=False)
    """Where it is declared, if that is known."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A host name by which other sites reach a site."""

    host: str
    origin: Location
    ports: Mapping[int, int | str] | None = None
    """The number or name of the site's port, by that of the host; None if they are the same."""
    places: Mapping[int, Location] = field(default_factory=dict)
    """Where each of these ports is stated."""
    targets: Mapping[int, Location] = field(default_factory=dict)
    """Where the site's port is stated for each of them."""


@dataclass(frozen=True, slots=True)
class Site:
    """A container or a host process."""

    name: str
    kind: Kind
    origin: Location
    image: Image | None = None
    environment: Mapping[str, Variable] = field(default_factory=dict)
    open_environment: str = ""
    """The name of what sets further variables that are not known, such as a Secret."""
    mounts: tuple[Mount, ...] = ()
    """Those further behind hide those before them."""
    ports: tuple[Port, ...] = ()
    entrances: tuple[Entrance, ...] = ()
    """The host names by which other sites reach it."""
    command: tuple[str, ...] = ()
    folder: str = ""
    """The folder of the file that declares it, in the repository."""
    elsewhere: tuple[str, ...] = ()
    """Host names that its own settings lead out of the repository, such as by ``extra_hosts``."""
    joins: str = ""
    """A network with hosts that are not here."""
    labels: Mapping[str, Any] = field(default_factory=dict)
    """Those of its pod."""
    namespace: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The host names by which other sites reach it."""
        return tuple(dict.fromkeys(each.host for each in self.entrances))

    @property
    def product(self) -> str:
        """Which of `PRODUCTS` runs there; empty for any other program."""
        texts = [self.image.repository] if self.image else []
        texts += self.command[:1]
        return next((p for p in PRODUCTS for text in texts if p in text.lower()), "")

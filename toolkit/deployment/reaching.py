"""Who listens at the addresses of a deployment, and where the way to them ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from toolkit.deployment.addresses import PeerAddress
from toolkit.deployment.deployment import Deployment
from toolkit.deployment.listeners import Listener, Listening, RunningPipeline, listening
from toolkit.deployment.policies import forbidding
from toolkit.deployment.site import Entrance, Site
from toolkit.kubernetes.manifests import Manifest
from toolkit.kubernetes.selectors import alike

_OWN = re.compile(r"localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1?\]?")
_NUMBERS = re.compile(r"\d+\.\d+\.\d+\.\d+|\[.*\]")
_POD = re.compile(r"^[\w-]+-\d+\.(?=[a-z])")
"""The name of a StatefulSet's pod before that of its Service."""
_CLUSTER = re.compile(r"[\w-]+(?:\.[\w-]+){1,2}|[\w.-]+\.svc(?:\.cluster\.local)?\.?")


@dataclass(frozen=True, slots=True)
class Reached:
    """A program listens at the address."""

    listener: Listener
    site: Site


@dataclass(frozen=True, slots=True)
class Nobody:
    """No site has the name of the host, and one is meant."""

    meant: Entrance
    site: Site


@dataclass(frozen=True, slots=True)
class NotForwarded:
    """The Service of that name has other ports."""

    entrance: Entrance


@dataclass(frozen=True, slots=True)
class OtherPort:
    """The site of that name listens at other ports."""

    entrance: Entrance
    site: Site
    port: int
    """The port of the site to which the address leads."""
    listeners: tuple[Listener, ...]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A NetworkPolicy does not admit the connection."""

    policy: Manifest
    listener: Listener


@dataclass(frozen=True, slots=True)
class NotKnown:
    """It is not known whether a program listens there."""

    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """The host is no part of the deployment."""


Outcome = Reached | Forbidden | Nobody | NotForwarded | OtherPort | NotKnown | Outside


@dataclass(frozen=True)
class Network:
    """The sites of a deployment and the ports at which they listen."""

    deployment: Deployment
    pipelines: tuple[RunningPipeline, ...] = ()
    _known: dict[int, Listening] = field(default_factory=dict)

    def outcome(self, address: PeerAddress) -> Outcome:
        """Return what is found at an address."""
        host = _POD.sub("", address.host.rstrip(".").removeprefix("tasks."))
        found = [
            (entrance, site)
            for site in self.deployment.sites
            for entrance in site.entrances
            if entrance.host == host
        ]
        if not found:
            return self._missing(address, host)
        beside = [e for e in found if any(_together(e[1], own) for own in address.sites)]
        pods = _declaring(beside or found, address.port)
        outcomes = [self._at(entrance, site, address.port) for entrance, site in pods]
        if address.by_form and not any(site.ports for _, site in pods):
            # Containers need not declare ports: that of the Service is the one that is stated.
            outcomes = [
                Reached(Listener(address.port, entrance.origin), site)
                if isinstance(each, NotKnown)
                else each
                for each, (entrance, site) in zip(outcomes, pods, strict=True)
            ]
        for kind in (Reached, NotKnown):
            for each in outcomes:
                if isinstance(each, kind):
                    return self._admitted(address, each)
        return outcomes[0]

    def _admitted(self, address: PeerAddress, found: Outcome) -> Outcome:
        """Return what is found, unless no site of the program may connect to it."""
        if not isinstance(found, Reached) or not _all_pods((found.site, *address.sites)):
            return found
        port = found.listener.port
        policies = [
            forbidding(self.deployment.policies, each, found.site, port) for each in address.sites
        ]
        first = policies[0] if policies else None
        return Forbidden(first, found.listener) if first and all(policies) else found

    def listening(self, site: Site) -> Listening:
        """The ports of a site."""
        if id(site) not in self._known:
            self._known[id(site)] = listening(self.deployment, site, self.pipelines)
        return self._known[id(site)]

    def _at(self, entrance: Entrance, site: Site, port: int) -> Outcome:
        if entrance.ports is None:
            return self._listens(entrance, site, port)
        if port not in entrance.ports:
            return NotForwarded(entrance)
        number = _number(site, entrance.ports[port])
        if number is None:
            return NotKnown(f"{entrance.origin} leads to a port that {site.name} does not name")
        return self._listens(entrance, site, number)

    def _listens(self, entrance: Entrance, site: Site, port: int) -> Outcome:
        known = self.listening(site)
        for listener in known.listeners:
            if listener.port == port:
                return Reached(listener, site)
        declared = [Listener(each.number, site.origin) for each in site.ports]
        if known.whole:
            return OtherPort(entrance, site, port, known.listeners)
        if port in (each.port for each in declared):
            return Reached(Listener(port, site.origin), site)
        if any(each.published == port for each in site.ports):
            return OtherPort(entrance, site, port, tuple(declared))
        return NotKnown("no file here states at which ports the program listens")

    def _missing(self, address: PeerAddress, host: str) -> Outcome:
        elsewhere = host in self.deployment.hosts or any(
            host in site.elsewhere for site in address.sites
        )
        if _OWN.fullmatch(host) or _NUMBERS.fullmatch(host) or elsewhere:
            return Outside()
        if "." in host and not _CLUSTER.fullmatch(host):
            return Outside()
        joined = next((site.joins for site in address.sites if site.joins), "")
        for entrance, site in self._meant(address) if not joined else ():
            near = alike(entrance.host, host) and _letters(entrance.host) != _letters(host)
            port = entrance.ports is None or address.port in entrance.ports
            if port and (near or self._serves(address, entrance, site)):
                return Nobody(entrance, site)
        if address.wanted and all(
            each.product != address.wanted for each in self.deployment.sites
        ):
            return Outside()
        why = f"; network `{joined}` may have it" if joined else ""
        if "." in host or address.by_form:
            return Outside()
        return NotKnown(f"no host here has this name{why}")

    def _meant(self, address: PeerAddress) -> Iterator[tuple[Entrance, Site]]:
        """The entrances beside the program, those of the wanted product first."""
        beside = [
            site
            for site in self.deployment.sites
            if any(_together(site, own) and site is not own for own in address.sites)
        ]
        beside.sort(key=lambda site: site.product != address.wanted)
        return ((entrance, site) for site in beside for entrance in site.entrances)

    def _serves(self, address: PeerAddress, entrance: Entrance, site: Site) -> bool:
        """True if a site of the wanted product listens at the port of an address."""
        wanted = bool(address.wanted) and site.product == address.wanted
        return wanted and isinstance(self._at(entrance, site, address.port), Reached)


def _together(one: Site, other: Site) -> bool:
    """True if two sites are parts of one deployment."""
    same = one.origin.source == other.origin.source
    return one.kind == other.kind and (one.kind == "kubernetes" or same)


def _all_pods(sites: Sequence[Site]) -> bool:
    return all(site.kind == "kubernetes" for site in sites)


def _letters(name: str) -> str:
    """A name without its digits: one of several of a kind is no slip for another."""
    return re.sub(r"\d", "", name)


def _number(site: Site, port: int | str) -> int | None:
    if isinstance(port, int):
        return port
    return next((each.number for each in site.ports if each.name == port), None)


def _declaring(
    found: Sequence[tuple[Entrance, Site]], port: int
) -> Sequence[tuple[Entrance, Site]]:
    """Of the containers behind a name those that declare the port; all if none does."""

    def declares(entrance: Entrance, site: Site) -> bool:
        target = port if entrance.ports is None else entrance.ports.get(port)
        return any(target in (each.number, each.name) for each in site.ports)

    return [pair for pair in found if declares(*pair)] or found

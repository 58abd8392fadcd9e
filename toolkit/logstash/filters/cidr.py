"""The `cidr` filter: the common options run if an address lies in a network.

Emulates logstash-filter-cidr 3.2.0. A file of networks is read once, at start;
``refresh_interval`` is taken and makes no difference to a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, ClassVar, TypeAlias

from toolkit.logstash.event import ruby
from toolkit.logstash.event.event import Event
from toolkit.logstash.event.sprintf import compile as compile_template
from toolkit.logstash.fields import FieldOperation
from toolkit.logstash.filters import Apply, Context, Filter, PipelineDied
from toolkit.logstash.options import (
    FieldReference,
    OptionError,
    OptionFault,
    OptionTexts,
    Strings,
    refuse,
)

_fault = OptionTexts(__package__)
_Range: TypeAlias = "tuple[int, int, int]"
"""The version of the protocol, the first and the last address."""


@dataclass(frozen=True, kw_only=True)
class Cidr(Filter):
    """Succeed with events one of whose addresses lies in one of the networks.

    What is no address or no network, by Ruby's ``IPAddr``, is passed over.
    """

    plugin: ClassVar[str] = "cidr"
    emulates: ClassVar[str] = "3.2.0"

    address: Strings = ()
    address_field: FieldReference | None = None
    network: Strings = ()
    network_path: str | None = None
    refresh_interval: float = 600
    separator: str = "\n"

    def writes(self, context: Context | None = None) -> Iterator[FieldOperation]:
        yield from ()

    def register(self, context: Context) -> Apply:
        refuse(
            *_exclusive("network", bool(self.network), "network_path", self.network_path),
            *_exclusive("address", bool(self.address), "address_field", self.address_field),
        )
        addresses, networks = self._addresses(), self._networks(context)

        def apply(event: Event) -> tuple[Event]:
            wanted = [*_ranges(addresses(event))]
            held = [*_ranges(networks(event))]
            if any(_includes(outer, inner) for inner in wanted for outer in held):
                self.decorate(event)
            return (event,)

        return apply

    def _addresses(self) -> Callable[[Event], Iterable[Any]]:
        if self.address_field is not None:
            field = self.address_field
            return lambda event: ruby.array(event.get(field))
        templates = [compile_template(address) for address in self.address]
        return lambda event: [template(event) for template in templates]

    def _networks(self, context: Context) -> Callable[[Event], Iterable[str]]:
        if self.network_path is not None:
            listed = self._read(self.network_path, context)
            return lambda event: _listed(listed)
        templates = [compile_template(network) for network in self.network]
        return lambda event: [
            ruby.strip(part) for template in templates for part in ruby.split(template(event), ",")
        ]

    def _read(self, path: str, context: Context) -> Sequence[str]:
        try:
            text = context.read_file(path).decode("utf-8", "surrogateescape")
        except OSError as error:
            reason = error.strerror or error
            raise OptionError(_fault("no-file-of-networks", path=path, reason=reason)) from error
        return ruby.split(text, self.separator)


def _listed(networks: Sequence[str]) -> Sequence[str]:
    if not networks:
        raise PipelineDied("cidr: the file of networks is empty")
    return networks


def _ranges(values: Iterable[Any]) -> Iterator[_Range]:
    for value in values:
        if isinstance(value, str):
            with suppress(ValueError):
                yield _range(value)


def _includes(outer: _Range, inner: _Range) -> bool:
    return outer[0] == inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2]


def _range(text: str) -> _Range:
    """Read an address, or a network with its length or its mask; `ValueError` for others.

    >>> _range("10.1.2.3/255.0.0.0") == _range("10.0.0.0/8")
    True
    """
    prefix, slash, mask = text.partition("/")
    address = _address(prefix)
    bits = address.max_prefixlen
    host = (1 << (bits - _length(mask, address) if slash else 0)) - 1
    first = int(address) & ~host
    return address.version, first, first | host


def _address(text: str) -> IPv4Address | IPv6Address:
    bracketed = text.startswith("[") and text.endswith("]")
    # The zone of an address (``fe80::1%eth0``) makes no difference to Ruby.
    address = re.sub(r"(?<=.)%[A-Za-z0-9_]+\Z", "", text[1:-1] if bracketed else text)
    if "%" in address:
        raise ValueError(f"no zone: {text}")
    return IPv6Address(address) if bracketed or address != text else ip_address(address)


def _length(mask: str, address: IPv4Address | IPv6Address) -> int:
    bits = address.max_prefixlen
    if re.fullmatch(r"0|[1-9][0-9]*", mask):
        length = int(mask)
    else:
        written = _address(mask)
        host = int(written) ^ ((1 << bits) - 1)
        if written.version != address.version or host & (host + 1):
            raise ValueError(f"invalid mask {mask}")
        length = bits - host.bit_length()
    if length > bits:
        raise ValueError(f"invalid length: {mask}")
    return length


def _exclusive(first: str, given: bool, second: str, value: str | None) -> Iterator[OptionFault]:
    if given and value is not None:
        yield _fault("both-given", first=first, second=second)

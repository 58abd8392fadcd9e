"""Addresses and networks: ``pkg/util/validation/ip.go`` of apimachinery."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from toolkit.kubernetes.validation.fields import Errors, ObjectField

_LEADING_ZEROS = re.compile(r"(?<![\d:.a-fA-F])0+(?=\d+[.])|(?<=[.])0+(?=\d)")
_OTHERS = (
    ("is_unspecified", "must not be the address of all hosts"),
    ("is_loopback", "must not be a loopback address"),
    ("is_link_local", "must not be a link-local address"),
)


def parse_ip(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, or None; leading zeros are allowed, as the server still does.

    >>> str(parse_ip("010.0.0.1")), parse_ip("10.0.0.300"), parse_ip("fe80::1%eth0")
    ('10.0.0.1', None, None)
    """
    try:
        return None if "%" in text else ip_address(_LEADING_ZEROS.sub("", text))
    except ValueError:
        return None


def ip(field: ObjectField) -> Errors:
    """Judge an address."""
    if parse_ip(field.text) is None:
        yield field.invalid("must be an IP address")


def host_ip(field: ObjectField) -> Errors:
    """Judge the address of a host that others reach."""
    found = parse_ip(field.text)
    if found is None:
        yield from ip(field)
        return
    for name, wrong in _OTHERS:
        if getattr(found, name):
            yield field.invalid(wrong)


def network(field: ObjectField) -> Errors:
    """Judge a network, such as ``10.0.0.0/8``; bits of a host are allowed."""
    address, slash, length = field.text.strip().partition("/")
    found = parse_ip(address)
    bits = 0 if found is None else found.max_prefixlen
    if found is None or not slash or not length.isdecimal() or int(length) > bits:
        yield field.invalid("must be a network such as `10.0.0.0/8`")


def is_within(inner: str, outer: str) -> bool:
    """Return True if a network is a part of another, and not all of it.

    >>> is_within("10.1.0.0/16", "10.0.0.0/8"), is_within("10.0.0.0/8", "10.0.0.0/8")
    (True, False)
    """
    one, other = ip_network(inner, strict=False), ip_network(outer, strict=False)
    return (
        one.version == other.version
        and one.network_address in other
        and one.prefixlen > other.prefixlen
    )

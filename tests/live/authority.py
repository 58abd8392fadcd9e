"""Certificates and users: what a server that is secured, and those who ask it, must have."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

trustme: Any = pytest.importorskip("trustme", reason="trustme makes the certificates")

_HASHES = {
    "correct horse": "$2a$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
    "battery staple": "$2a$04$abcdefghijklmnopqrstuuhfdSToe28Z2OzxmmHxfI3lnNDfjxoF6",
}
"""Passwords of these tests alone, and their bcrypt hashes."""

_SETTINGS = """\
xpack.security.enabled: true
xpack.security.autoconfiguration.enabled: false
xpack.security.http.ssl.enabled: true
xpack.security.http.ssl.key: key.pem
xpack.security.http.ssl.certificate: certificate.pem
"""
_ROLES = """\
reads:
  indices:
    - {names: ["live-*"], privileges: [read, view_index_metadata]}
nothing: {}
"""


@dataclass(frozen=True)
class Who:
    """Somebody who asks."""

    name: str
    role: str
    password: str

    @property
    def environment(self) -> dict[str, str]:
        """What tells the toolkit who asks."""
        return {
            "TOOLKIT_ELASTICSEARCH_USERNAME": self.name,
            "TOOLKIT_ELASTICSEARCH_PASSWORD": self.password,
        }


ADMIN = Who("admin", "superuser", "correct horse")
READER = Who("reader", "reads", "battery staple")
STRANGER = Who("stranger", "nothing", "battery staple")


@dataclass
class Authority:
    """Signs certificates, and knows who may do what."""

    folder: Path
    ca: Any = field(default_factory=trustme.CA)

    @cached_property
    def file(self) -> str:
        """Its own certificate, by which others are trusted."""
        path = self.folder / "ca.pem"
        self.ca.cert_pem.write_to_path(str(path))
        return str(path)

    def config(self) -> Mapping[str, str]:
        """The configuration of a server for 127.0.0.1 that these three may ask."""
        leaf = self.ca.issue_cert("127.0.0.1", "localhost")
        everybody = (ADMIN, READER, STRANGER)
        return {
            "elasticsearch.yml": _SETTINGS,
            "key.pem": leaf.private_key_pem.bytes().decode(),
            "certificate.pem": "".join(each.bytes().decode() for each in leaf.cert_chain_pems),
            "users": "".join(f"{who.name}:{_HASHES[who.password]}\n" for who in everybody),
            "users_roles": "".join(f"{who.role}:{who.name}\n" for who in everybody),
            "roles.yml": _ROLES,
        }

    def serving(self, name: str = "127.0.0.1", until: datetime | None = None) -> ssl.SSLContext:
        """What a listener needs to show a certificate for this name, valid until a day."""
        leaf = self.ca.issue_cert(
            name, not_before=datetime(2020, 1, 1, tzinfo=UTC) if until else None, not_after=until
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        leaf.configure_cert(context)
        return context

"""Addresses and secrets as people name them; secrets are read here and shown nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from toolkit.errors import UsageError
from toolkit.findings import Finding, Location

__all__ = ["Address", "Named", "parse_address", "read_secret"]

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is, without what stands before ``@``, and that as well."""

    url: str
    """Scheme, host, port where one is named, and path."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """Host and port, as people see it."""
        return urlsplit(self.url).netloc

    def same(self, other: Address) -> bool:
        """Whether both lead to the same place."""
        return _place(self.url) == _place(other.url)


@dataclass(frozen=True, slots=True)
class Named:
    """Where the name, the password and the key of a user are read from."""

    prefix: str
    """What the variables of the environment begin with, such as ``TOOLKIT_KIBANA_``."""
    environment: Mapping[str, str]
    folder: Path
    """What the files of the contract are relative to."""

    def value(self, name: str, otherwise: str | None = None) -> str | None:
        """What the environment says, else what the contract does."""
        return self.environment.get(f"{self.prefix}{name}") or otherwise

    def secret(self, name: str, file: str | None) -> str | None:
        """The same of a secret, which stands in a file of the contract; raises `UsageError`."""
        found = self.value(name)
        return found or (None if file is None else read_secret(self.folder / file, file))

    def path(self, name: str, file: str | None) -> str | None:
        """The same of a file."""
        return self.value(name, None if file is None else str(self.folder / file))


def parse_address(url: str, *, system: str, port: int) -> Address:
    """Read an address; raises `UsageError` where it is none.

    >>> parse_address("https://ann:pw@shop.example/kibana/", system="Kibana", port=5601).url
    'https://shop.example/kibana'
    """
    try:
        parts = urlsplit(url)
        named = parts.port
        host = (parts.hostname or "") if parts.scheme in _PORTS else ""
    except ValueError:
        host, named = "", None
    if not host:
        raise UsageError(_no_address(system, port))
    host = f"[{host}]" if ":" in host else host
    netloc = host if named is None else f"{host}:{named}"
    username, password = (
        unquote(each) if each else None for each in (parts.username, parts.password)
    )
    path = parts.path.rstrip("/")
    return Address(urlunsplit((parts.scheme, netloc, path, "", "")), username, password)


def read_secret(path: Path, name: str) -> str:
    """What a file holds, without blanks around it; raises `UsageError`."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_unreadable(name, error)) from None


def _place(url: str) -> tuple[str, str | None, int, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme], parts.path


def _no_address(system: str, port: int) -> Finding:
    return Finding(
        what=f"the address of {system} is none",
        where=Location(f"targets:{system.lower()}"),
        why="an address has a scheme and a host; it is not shown here, since it may hold a secret",
        fix=f"write `http://HOST:{port}` or `https://HOST:{port}`.",
    )


def _unreadable(name: str, error: Exception) -> Finding:
    said = (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8"
    return Finding(
        what=f"`{name}` cannot be read",
        where=Location(name),
        why=f"it is named as the file of a secret; the system says: {said}",
        fix="give the file to the user who runs the toolkit, or set the environment's variable.",
    )

"""Addresses and secrets as people name them; secrets are read here and shown nowhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from toolkit.errors import UsageError
from toolkit.findings import Finding, Location

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """The URL of a server without the credentials before ``@``, and those."""

    url: str
    """Scheme, host, port where one is named, and path."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """Host and port, as people see it."""
        return urlsplit(self.url).netloc

    @property
    def explicit(self) -> str:
        """The address with its port, whether one is named or not."""
        parts = urlsplit(self.url)
        netloc = parts.netloc if parts.port else f"{parts.netloc}:{_PORTS[parts.scheme]}"
        return urlunsplit((parts.scheme, netloc, parts.path, "", ""))

    def same(self, other: Address) -> bool:
        """Return True if both name the same server."""
        return self.explicit.lower() == other.explicit.lower()


@dataclass(frozen=True, slots=True)
class Named:
    """The sources of a user's name, password and API key."""

    system: str
    """As people call it; variables of the environment begin with ``TOOLKIT_``, and then so."""
    environment: Mapping[str, str]
    folder: Path
    """The folder to which the files of the contract are relative."""

    def value(self, name: str, otherwise: str | None = None) -> str | None:
        """Return the value from the environment, else that of the contract."""
        return self.environment.get(self._variable(name)) or otherwise

    def secret(self, name: str, file: str | None) -> str | None:
        """Return a secret, which the contract keeps in a file; raise `UsageError`."""
        found = self.value(name)
        return found or (None if file is None else read_secret(self.folder / file, file))

    def key(self, file: str | None) -> str | None:
        """Return an API key, which must be valid in a header."""
        found = self.secret("API_KEY", file)
        key = found.strip() if found else None
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise UsageError(_no_key(self.system, self._variable("API_KEY")))
        return key

    def _variable(self, name: str) -> str:
        return f"TOOLKIT_{self.system.upper()}_{name}"

    def path(self, name: str, file: str | None) -> str | None:
        """The same of a file."""
        return self.value(name, None if file is None else str(self.folder / file))


def parse_address(url: str, *, system: str, port: int) -> Address:
    """Parse the URL of a server.

    Args:
        url: The URL, which may contain credentials.
        system: The name of the system, for messages.
        port: Its usual port, for messages.

    Raises:
        UsageError: It is not a plain http(s) URL.

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


def authorization(username: str | None, password: str | None, api_key: str | None) -> str | None:
    """Return the ``Authorization`` header; HTTP clients' own code refuses letters like ``€``.

    Args:
        username: The user, for basic authentication.
        password: The user's password.
        api_key: An API key, which takes precedence over a user.
    """
    if api_key is not None:
        return f"ApiKey {api_key}"
    if username is None:
        return None
    pair = f"{username}:{password or ''}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def read_secret(path: Path, name: str) -> str:
    """Return the content of a file, stripped; raise `UsageError`."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_unreadable(name, error)) from None


def _no_address(system: str, port: int) -> Finding:
    return Finding(
        what=f"the URL of {system} is not a plain http(s) URL",
        where=Location(f"targets:{system.lower()}"),
        why="an address has a scheme and a host; it is not shown here, since it may hold a secret",
        fix=f"write `http://HOST:{port}` or `https://HOST:{port}`.",
    )


def _no_key(system: str, variable: str) -> Finding:
    return Finding(
        what=f"the API key for {system} is malformed",
        where=Location(variable),
        why="a key is one word of letters, digits and `=`; it is not shown here",
        fix="give the `encoded` form that Elasticsearch or Kibana shows when it makes a key.",
    )


def _unreadable(name: str, error: Exception) -> Finding:
    reason = (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8"
    return Finding(
        what=f"`{name}` cannot be read",
        where=Location(name),
        why=f"the contract names it as the file of a secret; the system reports: {reason}",
        fix="give the file to the user who runs the toolkit, or set the environment's variable.",
    )

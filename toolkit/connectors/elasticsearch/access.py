"""How a server is reached, and who asks; secrets are read here and shown nowhere."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from toolkit.errors import UsageError
from toolkit.findings import Finding, Location
from toolkit.model.expectations.targets import ElasticsearchTarget

__all__ = ["Access", "access"]

_NAME = "TOOLKIT_ELASTICSEARCH_"


@dataclass(frozen=True, slots=True)
class Access:
    """An address without credentials, and the credentials."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: str | None = None
    timeout: float = 10.0
    """Seconds one request may take."""
    patience: float = 60.0
    """Seconds that a server which is too busy, or away, is asked again."""
    writable: bool = False
    """Whether the contract allows to write there."""

    @property
    def shown(self) -> str:
        """The address as people see it, host and port."""
        return urlsplit(self.url).netloc

    @property
    def authorization(self) -> str | None:
        """What tells the server who asks; the client's own way refuses letters like ``ä``."""
        if self.api_key is not None:
            return f"ApiKey {self.api_key}"
        if self.username is None:
            return None
        pair = f"{self.username}:{self.password or ''}"
        return f"Basic {b64encode(pair.encode()).decode()}"


def access(
    url: str | None,
    target: ElasticsearchTarget | None,
    folder: Path,
    environment: Mapping[str, str] = os.environ,
) -> Access | None:
    """Put together what the command line, the environment and the contract say, in that order.

    None where nothing names a server. Credentials of the contract go to its own server only,
    and so does what it says of writing.
    Raises `UsageError` for an address that is none, and for a file that cannot be read.
    """
    named = url or environment.get(f"{_NAME}URL") or (target.url if target else None)
    if named is None:
        return None
    address, username, password = _split(named)
    own = target if target and _split(target.url)[0] == address else None
    return Access(
        url=address,
        username=username
        or environment.get(f"{_NAME}USERNAME")
        or (own.username if own else None),
        password=password
        or environment.get(f"{_NAME}PASSWORD")
        or _secret(folder, own.password_file if own else None),
        api_key=_key(
            environment.get(f"{_NAME}API_KEY")
            or _secret(folder, own.api_key_file if own else None)
        ),
        ca=environment.get(f"{_NAME}CA") or _path(folder, own.ca if own else None),
        timeout=target.timeout if target else 10.0,
        writable=own is not None and own.writable,
    )


def _split(url: str) -> tuple[str, str | None, str | None]:
    """The address, and what stands in it before ``@``."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        host = parts.hostname or ""
    except (ValueError, KeyError):
        host = ""
    if not host:
        raise UsageError(_no_address())
    host = f"[{host}]" if ":" in host else host
    address = urlunsplit((parts.scheme, f"{host}:{port}", parts.path.rstrip("/"), "", ""))
    unquoted = (unquote(each) if each else None for each in (parts.username, parts.password))
    return (address, *unquoted)  # type: ignore[return-value]


def _path(folder: Path, name: str | None) -> str | None:
    return None if name is None else str(folder / name)


def _secret(folder: Path, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return (folder / name).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_unreadable(name, error)) from None


def _key(text: str | None) -> str | None:
    """An API key, as it can stand in a header."""
    key = text.strip() if text else None
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise UsageError(_no_key())
    return key


def _no_key() -> Finding:
    return Finding(
        what="the API key for Elasticsearch is none",
        where=Location(f"{_NAME}API_KEY"),
        why="a key is one word of letters, digits and `=`; it is not shown here",
        fix="give the `encoded` form that Elasticsearch or Kibana shows when it makes a key.",
    )


def _no_address() -> Finding:
    return Finding(
        what="the address of Elasticsearch is none",
        where=Location("targets:elasticsearch"),
        why="an address has a scheme and a host; it is not shown here, since it may hold a secret",
        fix="write `http://HOST:9200` or `https://HOST:9200`.",
    )


def _unreadable(name: str, error: Exception) -> Finding:
    said = (error.strerror if isinstance(error, OSError) else None) or "it is not UTF-8"
    return Finding(
        what=f"`{name}` cannot be read",
        where=Location(name),
        why=f"the contract names it as the file of a secret; the system says: {said}",
        fix="give the file to the user who runs the toolkit, or set the environment's variable.",
    )

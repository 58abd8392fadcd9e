"""Address and credentials of a server; secrets are read here and never shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from toolkit.connectors.http.credentials import Named, authorization, parse_address
from toolkit.findings import Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.targets import ElasticsearchTarget, KibanaTarget


@dataclass(frozen=True, slots=True)
class Access:
    """An address without credentials, and the credentials."""

    system: ClassVar[str]
    """As people call it; environment variables begin with ``TOOLKIT_<SYSTEM>_``."""
    port: ClassVar[int]
    headers: ClassVar[Mapping[str, str]]
    """Sent with each request."""

    url: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 10.0
    """Seconds one request may take."""
    patience: float = 60.0
    """Seconds that a server which starts, is too busy, or is away, is asked again."""
    writable: bool = False
    """True if the contract allows to write there."""

    @classmethod
    def named(
        cls,
        url: str | None,
        target: ElasticsearchTarget | KibanaTarget | None,
        folder: Path,
        environment: Mapping[str, str] = os.environ,
    ) -> Self | None:
        """Combine what the command line, the environment and the contract name, in that order.

        Args:
            url: The address that the command line names.
            target: What the contract has. Its credentials, and its permission to write, are
                for its own server only.
            folder: What paths of the contract are relative to.
            environment: Its variables.

        Returns:
            None if nothing names a server.

        Raises:
            UsageError: The address is malformed, or a file cannot be read.
        """
        named = Named(cls.system, environment, folder)
        found = named.value("URL", target.url if target else None) if url is None else url
        if found is None:
            return None
        address = parse_address(found, system=cls.system, port=cls.port)
        own = target
        if target and not address.same(
            parse_address(target.url, system=cls.system, port=cls.port)
        ):
            own = None
        password_file = own.password_file if own else None
        return cls(
            url=address.url,
            username=address.username or named.value("USERNAME", own.username if own else None),
            password=address.password or named.secret("PASSWORD", password_file),
            api_key=named.key(own.api_key_file if own else None),
            ca=named.path("CA", own.ca if own else None),
            timeout=target.timeout if target else 10.0,
            writable=own is not None and own.writable,
            **cls.further(named, own),
        )

    @classmethod
    def of(cls, scope: Scope, url: str | None = None) -> Self | None:
        """Combine the URL of a call, the environment and a contract, as `named` does."""
        target = getattr(scope.contract.targets, cls.system.lower(), None)
        return cls.named(url, target, Path(scope.folder))

    @classmethod
    def further(cls, named: Named, own: Any) -> Mapping[str, Any]:
        """Return what only this system has, from the environment and its own target."""
        return {}

    @property
    def shown(self) -> str:
        """The address as people see it, host and port."""
        return urlsplit(self.url).netloc

    @property
    def base(self) -> str:
        """The URL to which paths are appended."""
        return self.url

    @property
    def where(self) -> Location:
        """The server, for messages."""
        return Location(f"{self.system.lower()}:{urlsplit(self.url).netloc}")

    @property
    def authorization(self) -> str | None:
        """The header with the credentials."""
        return authorization(self.username, self.password, self.api_key)

    def hint(self, status: int, request: str) -> str | None:
        """Return what this system needs where it refuses a request; None for the general fix."""
        return None

    def redacted(self, text: str) -> str:
        """Return the text without the secrets, which servers repeat."""
        header = (self.authorization or "").partition(" ")[2]
        for secret in (self.password, self.api_key, header):
            if secret:
                text = text.replace(secret, "…")
        return text

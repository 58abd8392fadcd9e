"""How a Kibana is reached, and who asks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from toolkit.connectors.credentials import Named, authorization, parse_address
from toolkit.model.expectations.targets import KibanaTarget


@dataclass(frozen=True, slots=True)
class Access:
    """An address without credentials, one of its spaces, and the credentials."""

    url: str
    space: str | None = None
    """None is the default one."""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: str | None = None
    """A file with the certificates that sign the server's."""
    timeout: float = 10.0
    """Seconds one request may take."""
    patience: float = 30.0
    """Seconds that a Kibana which starts, or is too busy, is waited for."""
    writable: bool = False
    """Whether the contract allows to write there."""

    @property
    def shown(self) -> str:
        """The address as people see it: host, port, and the space."""
        space = f", space `{self.space}`" if self.space else ""
        return f"{urlsplit(self.url).netloc}{space}"

    @property
    def authorization(self) -> str | None:
        """What tells Kibana who asks."""
        return authorization(self.username, self.password, self.api_key)

    @property
    def base(self) -> str:
        """The address of the space."""
        return self.url + (f"/s/{quote(self.space, safe='')}" if self.space else "")

    def dashboard(self, name: str) -> str:
        """Where a person opens a dashboard, by its id."""
        return f"{self.base}/app/dashboards#/view/{quote(name, safe='')}"


def access(
    url: str | None,
    target: KibanaTarget | None,
    folder: Path,
    environment: Mapping[str, str] = os.environ,
) -> Access | None:
    """Put together what the command line, the environment and the contract say, in that order.

    None where nothing names a Kibana. What the contract says of credentials, of the space and
    of writing holds for its own Kibana only. Raises `UsageError` for an address that is none,
    and for a file that cannot be read.
    """
    named = Named("Kibana", environment, folder)
    found = named.value("URL", target.url if target else None) if url is None else url
    if found is None:
        return None
    address = parse_address(found, system="Kibana", port=5601)
    own = target
    if target and not address.same(parse_address(target.url, system="Kibana", port=5601)):
        own = None
    return Access(
        url=address.url,
        space=named.value("SPACE", own.space if own else None),
        username=address.username or named.value("USERNAME", own.username if own else None),
        password=address.password or named.secret("PASSWORD", own.password_file if own else None),
        api_key=named.key(own.api_key_file if own else None),
        ca=named.path("CA", own.ca if own else None),
        timeout=target.timeout if target else 10.0,
        writable=own is not None and own.writable,
    )

"""How a server is reached, and who asks; secrets are read here and shown nowhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from toolkit.connectors.credentials import Address, Named, authorization, parse_address
from toolkit.model.expectations.targets import ElasticsearchTarget


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
        """What tells the server who asks."""
        return authorization(self.username, self.password, self.api_key)


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
    named = Named("Elasticsearch", environment, folder)
    found = url or named.value("URL", target.url if target else None)
    if found is None:
        return None
    address = _address(found)
    own = target if target and address.same(_address(target.url)) else None
    return Access(
        url=address.explicit,
        username=address.username or named.value("USERNAME", own.username if own else None),
        password=address.password or named.secret("PASSWORD", own.password_file if own else None),
        api_key=named.key(own.api_key_file if own else None),
        ca=named.path("CA", own.ca if own else None),
        timeout=target.timeout if target else 10.0,
        writable=own is not None and own.writable,
    )


def _address(url: str) -> Address:
    return parse_address(url, system="Elasticsearch", port=9200)

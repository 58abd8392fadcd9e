"""Requests to Elasticsearch, by its official client: patient, and never at its root."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.connectors.elasticsearch.access import Access
from toolkit.connectors.elasticsearch.failures import no_ca, no_client, refused, unreachable
from toolkit.errors import Unavailable
from toolkit.findings import Finding

if TYPE_CHECKING:
    from elastic_transport import TransportError

JSON = "application/vnd.elasticsearch+json; compatible-with=8"
NDJSON = "application/vnd.elasticsearch+x-ndjson; compatible-with=8"
"""What both 8.19 and 9 understand."""

_BUSY = frozenset({429, 502, 503, 504})
"""The statuses of a server that will take the request later."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a request was not answered as wanted."""

    finding: Finding
    passes: bool
    """Whether it may be answered if it is sent again."""


class Client:
    """A connection. Serves Elasticsearch 8.19 and 9, and sends what both understand."""

    def __init__(
        self,
        access: Access,
        *,
        pause: Callable[[float], None] = time.sleep,
        reached: bool = False,
    ) -> None:
        """``reached`` tells that the server has answered before.

        Raises `Unavailable` where the official client is not installed, or the CA is none.
        """
        self._access, self._pause, self._reached = access, pause, reached
        try:
            from elasticsearch import Elasticsearch
        except ImportError:
            raise Unavailable(no_client()) from None
        try:
            self._client = Elasticsearch(access.url, **_options(access))
        except OSError as error:
            raise Unavailable(no_ca(access, error)) from None

    def get(self, path: str, **parameters: str) -> Any:
        """What a path answers; raises `Unavailable`."""
        return self.send("GET", path, parameters=parameters)

    def post(self, path: str, body: Any, **parameters: str) -> Any:
        """What a path answers to a JSON body; raises `Unavailable`."""
        return self.send("POST", path, body, parameters=parameters)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        parameters: Mapping[str, str] | None = None,
        content_type: str = JSON,
    ) -> Any:
        """Send a request until it is answered, for as long as `Access.patience` lasts.

        What is sent must do no harm if it is done twice: an answer may be lost on its way.
        Raises `Unavailable`.
        """
        deadline = time.monotonic() + self._access.patience
        pause = _FIRST_PAUSE
        while True:
            found = self._try(method, path, body, dict(parameters or {}), content_type)
            if not isinstance(found, _Failure):
                return found
            if not found.passes or time.monotonic() + pause > deadline:
                raise Unavailable(found.finding)
            # Spread, so that many who were refused together do not come back together.
            self._pause(pause * random.uniform(0.5, 1.0))
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _try(
        self, method: str, path: str, body: Any, parameters: Mapping[str, str], content_type: str
    ) -> Any:
        from elastic_transport import ApiError, TlsError, TransportError

        headers = {"accept": JSON, **({"content-type": content_type} if body is not None else {})}
        try:
            answer = self._client.perform_request(
                method, path, params=parameters, headers=headers, body=body
            )
        except ApiError as error:
            self._reached = True
            finding = refused(self._access, f"{method} {path}", error.meta.status, error.body)
            return _Failure(finding, error.meta.status in _BUSY)
        except TransportError as error:
            # A server that never answered is not away for a while: it is not there.
            reached = self._reached or _is_slow(error)
            passes = reached and not isinstance(error, TlsError)
            return _Failure(unreachable(self._access, error), passes)
        self._reached = True
        return answer.body

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _is_slow(error: TransportError) -> bool:
    """Whether the server took the request, and its answer did not come in time."""
    from urllib3.exceptions import ReadTimeoutError

    return isinstance(error.__cause__, ReadTimeoutError)


def _options(access: Access) -> dict[str, Any]:
    options: dict[str, Any] = {"request_timeout": access.timeout, "max_retries": 0}
    if access.ca is not None and access.url.startswith("https:"):
        # The client would look for it with the first request only, and not say its name.
        ssl.create_default_context(cafile=access.ca)
        options["ca_certs"] = access.ca
    if access.authorization is not None:
        options["headers"] = {"authorization": access.authorization}
    return options

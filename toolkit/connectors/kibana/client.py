"""Requests to Kibana's HTTP API: required headers, patience with one that starts, no secrets."""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.connectors.kibana.access import Access
from toolkit.connectors.kibana.failures import (
    cut_off,
    no_ca,
    no_client,
    no_json,
    redirected,
    refused,
    unreachable,
)
from toolkit.errors import Unavailable
from toolkit.findings import Finding

_BUSY = (429, 502, 503, 504)
"""The statuses of a Kibana that starts or is too busy, and of a proxy that waits for it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 4.0
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, and the text that came with it."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        """The text as data; None where it is none."""
        try:
            return json.loads(self.text)
        except json.JSONDecodeError:
            return None


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there was no answer, and whether there may be one later."""

    finding: Finding
    passes: bool = False
    reply: Reply | None = None


class Client:
    """Asks one Kibana; what is sent must do no harm if it is done twice."""

    def __init__(
        self,
        access: Access,
        *,
        until: float | None = None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """``until`` is when patience ends, on the clock of `time.monotonic`.

        Raises `Unavailable` where what it needs is not there.
        """
        try:
            import requests
        except ImportError:
            raise Unavailable(no_client()) from None
        self.access = access
        self._until = time.monotonic() + access.patience if until is None else until
        self._pause = pause
        self._reached = False
        self._session = _session(requests.Session(), access)

    def data(self, method: str, path: str, **parts: Any) -> Mapping[str, Any]:
        """The JSON object that a path of the space answers; raises `Unavailable`."""
        reply = self.send(method, path, **parts)
        if not isinstance(reply.body, dict):
            raise Unavailable(no_json(self.access, f"{method} {path}", reply.text))
        found: Mapping[str, Any] = reply.body
        return found

    def send(
        self,
        method: str,
        path: str,
        *,
        takes: tuple[int, ...] = (),
        resigns: tuple[int, ...] = (),
        **parts: Any,
    ) -> Reply:
        """Send a request until it is answered, for as long as there is patience.

        Data with a status of ``takes`` is an answer too; with one of ``resigns`` it is one when
        patience ends. Raises `Unavailable`.
        """
        pause = _FIRST_PAUSE
        while True:
            found = self._try(method, path, takes, parts)
            if isinstance(found, Reply):
                return found
            if not found.passes or time.monotonic() + pause > self._until:
                if found.reply and found.reply.status in resigns and found.reply.body:
                    return found.reply
                raise Unavailable(found.finding)
            # Spread, so that many who were refused together do not come back together.
            self._pause(pause * random.uniform(0.5, 1.0))
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _try(
        self, method: str, path: str, takes: tuple[int, ...], parts: Mapping[str, Any]
    ) -> Reply | _Failure:
        import requests
        from urllib3.exceptions import HTTPError, ProtocolError

        request = f"{method} {path}"
        try:
            with self._session.request(
                method,
                f"{self.access.base}{path}",
                timeout=self.access.timeout,
                allow_redirects=False,
                stream=True,
                **parts,
            ) as answer:
                reply = Reply(answer.status_code, self._text(answer))
                target = answer.headers.get("location", "")
        except requests.exceptions.SSLError as error:
            return _Failure(unreachable(self.access, error))
        except ProtocolError:
            return _Failure(cut_off(self.access, request), passes=True)
        except (requests.RequestException, HTTPError, OSError) as error:
            return _Failure(unreachable(self.access, error), self._reached or _was_reset(error))
        self._reached = True
        return self._judged(request, reply, takes, target)

    def _text(self, answer: Any) -> str:
        """All of the body; raises `OSError` where it takes longer than one request may."""
        late = time.monotonic() + self.access.timeout
        # What `read` waits for is all of a piece, and one byte a second is an answer to it.
        read = getattr(answer.raw, "read1", answer.raw.read)
        pieces = []
        while piece := read(_PIECE, decode_content=True):
            pieces.append(piece)
            if time.monotonic() > late:
                raise TimeoutError("the answer timed out")
        return b"".join(pieces).decode("utf-8", "replace")

    def _judged(
        self, request: str, reply: Reply, takes: tuple[int, ...], target: str
    ) -> Reply | _Failure:
        status = reply.status
        if status == 200 or status in takes:
            if reply.text.lstrip()[:1] not in ("{", "["):
                return _Failure(no_json(self.access, request, reply.text), status in _BUSY)
            return reply
        if 300 <= status < 400:
            return _Failure(redirected(self.access, request, status, target))
        finding = refused(self.access, request, status, reply.text, reply.body)
        return _Failure(finding, status in _BUSY, reply)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _session(session: Any, access: Access) -> Any:
    # Neither proxies nor a .netrc of the environment: what is asked is what was named.
    session.trust_env = False
    session.headers.update(
        {"accept": "application/json, application/ndjson", "kbn-xsrf": "toolkit"}
    )
    if access.authorization is not None:
        session.headers["authorization"] = access.authorization
    if access.ca is not None:
        try:
            ssl.create_default_context(cafile=access.ca)
        except OSError as error:
            raise Unavailable(no_ca(access, error)) from None
        session.verify = access.ca
    return session


def _was_reset(error: BaseException) -> bool:
    """Whether somebody was there, and hung up."""
    inner: Any = error
    while getattr(inner, "args", None) and isinstance(inner.args[0], BaseException):
        inner = inner.args[0]
    parts = (inner, *getattr(inner, "args", ()))
    return any(isinstance(part, ConnectionError) and not _is_closed(part) for part in parts)


def _is_closed(error: BaseException) -> bool:
    return isinstance(error, ConnectionRefusedError)

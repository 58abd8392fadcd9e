"""Requests to a server: patient with one that starts or is busy, and without secrets."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from toolkit.connectors.http import failures
from toolkit.connectors.http.access import Access
from toolkit.connectors.http.patience import Patience
from toolkit.errors import Unavailable
from toolkit.findings import Finding

BUSY = frozenset({429, 502, 503, 504})
"""The statuses of a server that starts or is too busy, and of a proxy that waits for it."""
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, and the text that came with it."""

    status: int
    text: str

    @property
    def body(self) -> Any:
        """The text parsed as JSON; None if it is invalid."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class _Failure:
    """The reason of a missing response."""

    finding: Finding
    passes: bool = False
    """True if the request may be answered when it is sent again."""
    reply: Reply | None = None


class Client:
    """A connection to one server; what is sent must do no harm if it is done twice."""

    def __init__(
        self,
        access: Access,
        *,
        until: float | None = None,
        pause: Callable[[float], object] = time.sleep,
        reached: bool = False,
    ) -> None:
        """Open no connection yet.

        Args:
            access: The server.
            until: When patience ends for all requests, on the clock of `time.monotonic`;
                None gives each request the patience of ``access``.
            pause: Sleeps so many seconds; True if it was broken off, as `Event.wait` returns.
            reached: The server has answered before.

        Raises:
            Unavailable: `requests` is not installed, or the CA cannot be read.
        """
        self.access, self._until, self._pause, self._reached = access, until, pause, reached
        self._session = _session(access)

    def data(self, method: str, path: str, **parts: Any) -> Any:
        """Return the JSON object that a path answers; raises `Unavailable`."""
        reply = self.send(method, path, **parts)
        if not isinstance(reply.body, dict):
            raise Unavailable(failures.no_json(self.access, f"{method} {path}", reply.text))
        return reply.body

    def send(
        self,
        method: str,
        path: str,
        *,
        takes: tuple[int, ...] = (),
        resigns: tuple[int, ...] = (),
        **parts: Any,
    ) -> Reply:
        """Send a request until it is answered, for as long as patience lasts.

        Args:
            method: Of HTTP.
            path: Is appended to the address.
            takes: Statuses with which data is an answer, too.
            resigns: Statuses with which data is an answer when patience ends.
            parts: What `requests` takes: ``params``, ``data``, ``json``, ``headers``, ``files``.

        Raises:
            Unavailable: There is no response, or another one.
        """
        until = self._until
        patience = Patience(
            time.monotonic() + self.access.patience if until is None else until, self._pause
        )
        while True:
            found = self._try(method, path, takes, parts)
            if isinstance(found, Reply):
                return found
            if not found.passes or not patience.lasts():
                if found.reply and found.reply.status in resigns and found.reply.body:
                    return found.reply
                raise Unavailable(found.finding)

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
            return _Failure(failures.unreachable(self.access, error))
        except ProtocolError:
            return _Failure(failures.cut_off(self.access, request), passes=True)
        except (requests.RequestException, HTTPError, OSError) as error:
            # A server that never took a request is not away for a while: it is not there.
            return _Failure(
                failures.unreachable(self.access, error), self._reached or _was_there(error)
            )
        self._reached = True
        return self._judged(request, reply, takes, target)

    def _text(self, answer: Any) -> str:
        """All of the body; raises `OSError` if it takes longer than one request may."""
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
        if 200 <= status < 300 or status in takes:
            if reply.text.lstrip()[:1] not in ("{", "["):
                return _Failure(failures.no_json(self.access, request, reply.text), status in BUSY)
            return reply
        if 300 <= status < 400:
            return _Failure(failures.redirected(self.access, request, status, target))
        finding = failures.refused(self.access, request, status, reply.text, reply.body)
        return _Failure(finding, status in BUSY, reply)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _session(access: Access) -> Any:
    try:
        import requests
    except ImportError:
        raise Unavailable(failures.no_client(access)) from None
    session = requests.Session()
    # Neither proxies nor a .netrc of the environment: what is asked is what was named.
    session.trust_env = False
    session.headers.update(access.headers)
    if access.authorization is not None:
        session.headers["authorization"] = access.authorization
    if access.ca is not None and access.url.startswith("https:"):
        try:
            ssl.create_default_context(cafile=access.ca)
        except OSError as error:
            raise Unavailable(failures.no_ca(access, error)) from None
        session.verify = access.ca
    return session


def _was_there(error: BaseException) -> bool:
    """True if the server took the request, and hung up or did not answer in time."""
    from requests import ReadTimeout

    inner = failures.innermost(error)
    hung_up = isinstance(inner, ConnectionError) and not isinstance(inner, ConnectionRefusedError)
    return hung_up or isinstance(error, ReadTimeout | TimeoutError)

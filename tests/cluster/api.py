"""Questions to an API server, and objects that are watched."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from typing import Any, NamedTuple
from urllib.parse import quote

__all__ = ["Api", "ApiError", "Watch"]

_PATIENCE = 60.0
_KINDS = {"PATCH": "application/merge-patch+json"}


class ApiError(Exception):
    """An answer that is none: its status, and what it said."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Api(NamedTuple):
    """An API server on this machine."""

    port: int
    token: str
    tls: ssl.SSLContext

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one request; raises `ApiError`, or `OSError` where nobody answers."""
        connection = HTTPSConnection("127.0.0.1", self.port, timeout=_PATIENCE, context=self.tls)
        kind = _KINDS.get(method, "application/json")
        try:
            connection.request(
                method,
                path,
                None if body is None else json.dumps(body),
                {"Authorization": f"Bearer {self.token}", "Content-Type": kind},
            )
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise ApiError(answer.status, said.decode("utf-8", "replace"))
        return json.loads(said) if said[:1] in (b"{", b"[") else said.decode()

    def get(self, path: str) -> Any:
        """What is there."""
        return self("GET", path)

    @contextmanager
    def watching(self, path: str, selector: str = "") -> Iterator[Watch]:
        """The objects of a list, kept up to date."""
        query = f"?labelSelector={quote(selector)}" if selector else "?"
        watch = Watch(self, f"{path}{query}")
        try:
            yield watch
        finally:
            watch.close()


class Watch:
    """The objects of a list as they are now; a thread of its own keeps them so."""

    def __init__(self, api: Api, path: str) -> None:
        self._api, self._path = api, path
        self._objects: dict[str, Any] = {}
        self._changed = threading.Condition()
        self._connection = HTTPSConnection("127.0.0.1", api.port, context=api.tls)
        found = api.get(path)
        for each in found["items"]:
            self._objects[each["metadata"]["uid"]] = each
        self._version = found["metadata"]["resourceVersion"]
        # Connected here, so that there is something to close.
        self._connection.connect()
        self._thread = threading.Thread(target=self._follow, name="watch", daemon=True)
        self._thread.start()

    @property
    def objects(self) -> list[Any]:
        """All that are there."""
        with self._changed:
            return list(self._objects.values())

    def wait(self, seconds: float) -> None:
        """Until something changes, or time is up."""
        with self._changed:
            self._changed.wait(seconds)

    def close(self) -> None:
        """Watch no more."""
        with suppress(OSError):
            self._connection.sock.shutdown(SHUT_RDWR)
        self._thread.join()
        self._connection.close()

    def _follow(self) -> None:
        path = f"{self._path}&watch=1&resourceVersion={self._version}"
        headers = {"Authorization": f"Bearer {self._api.token}"}
        with suppress(OSError, HTTPException, ValueError):
            self._connection.request("GET", path, headers=headers)
            for line in self._connection.getresponse():
                self._take(json.loads(line))

    def _take(self, event: Any) -> None:
        uid = event["object"]["metadata"]["uid"]
        with self._changed:
            if event["type"] == "DELETED":
                self._objects.pop(uid, None)
            else:
                self._objects[uid] = event["object"]
            self._changed.notify_all()

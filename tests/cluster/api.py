"""Questions to an API server, and objects that are watched."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import quote

_PATIENCE = 60.0
_KINDS = {"PATCH": "application/merge-patch+json"}


class ApiError(Exception):
    """An answer that is none: its status, and what it said."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status


class Api:
    """An API server on this machine; connections to it are kept for whoever asks next."""

    def __init__(self, port: int, token: str, tls: ssl.SSLContext) -> None:
        self.port, self.tls = port, tls
        self.headers = {"Authorization": f"Bearer {token}"}
        self._idle: deque[HTTPSConnection] = deque()

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to one request; raises `ApiError`, or `OSError` where nobody answers."""
        try:
            return self._ask(self._idle.pop(), method, path, body)
        except (IndexError, OSError):
            # None was kept, or the server has closed it in the meantime.
            return self._ask(self.connect(), method, path, body)

    def _ask(self, connection: HTTPSConnection, method: str, path: str, body: Any) -> Any:
        kind = _KINDS.get(method, "application/json")
        said = None if body is None else json.dumps(body)
        try:
            connection.request(method, path, said, {**self.headers, "Content-Type": kind})
            answer = connection.getresponse()
            read = answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise OSError(f"{method} {path}: {error!r}") from error
        self._idle.append(connection)
        if answer.status >= 400:
            raise ApiError(answer.status, read.decode("utf-8", "replace"))
        return json.loads(read) if read[:1] in (b"{", b"[") else read.decode()

    def connect(self) -> HTTPSConnection:
        """Another connection."""
        return HTTPSConnection("127.0.0.1", self.port, timeout=_PATIENCE, context=self.tls)

    def close(self) -> None:
        """Close what was kept."""
        while self._idle:
            self._idle.pop().close()

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
        self._changes: dict[str, float] = {}
        self._changed = threading.Condition()
        self._connection = api.connect()
        found = api.get(path)
        for each in found["items"]:
            self._objects[each["metadata"]["uid"]] = each
        self._version = found["metadata"]["resourceVersion"]
        # Connected here, so that there is something to close.
        self._connection.connect()
        self._connection.sock.settimeout(None)
        self._thread = threading.Thread(target=self._follow, name="watch", daemon=True)
        self._thread.start()

    @property
    def objects(self) -> list[Any]:
        """All that are there."""
        with self._changed:
            return list(self._objects.values())

    def changed(self, namespace: str) -> float:
        """When, on the monotonic clock, something last changed in a namespace."""
        with self._changed:
            return self._changes.get(namespace, 0.0)

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
        with suppress(OSError, HTTPException, ValueError):
            self._connection.request("GET", path, headers=self._api.headers)
            for line in self._connection.getresponse():
                self._take(json.loads(line))

    def _take(self, event: Any) -> None:
        metadata = event["object"]["metadata"]
        uid = metadata["uid"]
        with self._changed:
            self._changes[metadata.get("namespace", "")] = time.monotonic()
            if event["type"] == "DELETED":
                self._objects.pop(uid, None)
            else:
                self._objects[uid] = event["object"]
            self._changed.notify_all()

"""The API server through `kubectl proxy`, which knows how to reach it and as whom."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple, Self

from toolkit.connectors.cluster import failures
from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.errors import Unavailable
from toolkit.evidence.kubernetes.cluster import ApiReply

_READS_ONLY = "^(POST|PUT|PATCH|DELETE)$"
_LONGEST_PATH = 96
"""Bytes of the path of a socket, which systems bound."""
_FAREWELL = 5.0


class Timed(NamedTuple):
    """A response, and the time of the server's clock; zero if it is missing."""

    reply: ApiReply
    at: float


class Api:
    """An API server that can be read; nothing that writes is let through.

    `kubectl proxy` listens on a socket in a folder that only this user can enter, and refuses
    all methods that write. It is a child of this process, and ends with it.
    """

    def __init__(self, access: ClusterAccess) -> None:
        """Raises `Unavailable` where there is no kubectl, or no such context."""
        self._access = access
        program = shutil.which("kubectl")
        if program is None:
            raise Unavailable(failures.no_kubectl())
        self._folder = _folder()
        with (self._folder / "log").open("wb") as log:
            self._popen = subprocess.Popen(
                [program, *access.options, "proxy", f"--reject-methods={_READS_ONLY}",
                 f"--unix-socket={self._folder / 'api'}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        assert self._popen.stdout is not None
        if not self._popen.stdout.readline():
            words = (self._folder / "log").read_text("utf-8", "replace")
            self.close()
            raise Unavailable(failures.no_context(access, words))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the proxy, and leave no socket."""
        self._popen.terminate()
        try:
            self._popen.wait(_FAREWELL)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        if self._popen.stdout is not None:
            self._popen.stdout.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def get(self, path: str) -> Timed:
        """Return the response of a path, whatever its status.

        Raises `Unavailable` where the server cannot be reached, or rejects the credentials.
        """
        connection = _OverSocket(str(self._folder / "api"), self._access.timeout)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            response = connection.getresponse()
            body = response.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise Unavailable(failures.silent(self._access, error)) from error
        finally:
            connection.close()
        if response.status == 401:
            raise Unavailable(failures.unknown_user(self._access, body))
        if response.status in (500, 502) and not body.lstrip().startswith("{"):
            # What speaks here is kubectl: the API server answers in JSON.
            raise Unavailable(failures.unreachable(self._access, body))
        return Timed(ApiReply(path, response.status, body), _clock(response.getheader("Date")))


class _OverSocket(HTTPConnection):
    """HTTP over a socket of this machine."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _folder() -> Path:
    """A new folder whose sockets have paths that are short enough."""
    folder = Path(tempfile.mkdtemp(prefix="toolkit-"))
    if len(str(folder)) > _LONGEST_PATH:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="toolkit-", dir="/tmp"))
    return folder


def _clock(date: str | None) -> float:
    try:
        return parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return 0.0

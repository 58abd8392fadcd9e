"""Receives what Filebeat sends to Logstash: version 2 of the protocol of the Beats.

A frame begins with the version and its kind: ``W`` announces how many events follow, ``J`` is an
event with its number, ``C`` holds frames that are compressed. ``A`` answers with the number of the
last event that arrived.
"""

from __future__ import annotations

import json
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase, BytesIO
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

_VERSION = b"2"


class Inbox:
    """The events that have arrived, in that order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._events: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def add(self, event: dict[str, Any]) -> None:
        with self._lock:
            self._events.append(event)

    def events(self) -> list[dict[str, Any]]:
        """Those that have arrived so far."""
        with self._lock:
            return list(self._events)


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    inbox: Inbox


class _Connection(StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            while window := _announced(self.rfile):
                self._receive(self.rfile, window)
        except (EOFError, ConnectionError):
            return

    def _receive(self, frames: BufferedIOBase, window: int) -> None:
        """Take as many events as were announced, and say so when the last is there."""
        last = 0
        while last < window:
            for number, event in _events(frames):
                self.server.inbox.add(event)
                last = number
        self.wfile.write(_VERSION + b"A" + struct.pack(">I", last))


def _announced(frames: BufferedIOBase) -> int:
    kind = _kind(frames)
    assert kind == b"W", f"the frame {kind!r} announces nothing"
    return _number(frames)


def _events(frames: BufferedIOBase) -> Iterator[tuple[int, dict[str, Any]]]:
    """The events of the next frame, each with its number."""
    kind = _kind(frames)
    if kind == b"J":
        number = _number(frames)
        yield number, json.loads(_exactly(frames, _number(frames)))
        return
    assert kind == b"C", f"the frame {kind!r} holds no event"
    inner = BytesIO(zlib.decompress(_exactly(frames, _number(frames))))
    end = inner.getbuffer().nbytes
    while inner.tell() < end:
        yield from _events(inner)


def _kind(frames: BufferedIOBase) -> bytes:
    version, kind = struct.unpack("cc", _exactly(frames, 2))
    assert version == _VERSION, f"version {version!r} of the protocol"
    return bytes(kind)


def _number(frames: BufferedIOBase) -> int:
    (number,) = struct.unpack(">I", _exactly(frames, 4))
    return int(number)


def _exactly(frames: BufferedIOBase, size: int) -> bytes:
    data = frames.read(size)
    if len(data) < size:
        raise EOFError
    return data


@contextmanager
def inbox() -> Iterator[Inbox]:
    """Listen on a port of this machine while the tests need it."""
    with _Server(("127.0.0.1", 0), _Connection) as server:
        server.inbox = Inbox(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.inbox
        finally:
            server.shutdown()
            thread.join()

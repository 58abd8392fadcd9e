"""Load balancer in place of the Service: passes each new connection to the next ready replica."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Self

_REQUEST = re.compile(rb"[A-Z]+ \S+ HTTP/1\.[01]\r\n")
_CHUNK = 65_536


class Spreader:
    """A port of this machine in front of several; runs in a thread of its own.

    As kube-proxy does, it chooses for a connection, not for a request: whoever keeps a
    connection open stays with one replica.
    """

    def __init__(self) -> None:
        self.port = 0
        self.requests: Counter[int] = Counter()
        """Requests by the port of the replica that got them."""
        self.connections: Counter[int] = Counter()
        self._targets: Sequence[int] = ()
        self._turn = 0
        # asyncio holds tasks weakly: one whose client has gone would be collected under way.
        self._open: set[asyncio.Task[None] | None] = set()
        self._loop = asyncio.new_event_loop()
        self._listening = threading.Event()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._serve, name="spreader", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def spread(self, ports: Sequence[int]) -> None:
        """From now on give connections to these ports."""
        self._targets = tuple(ports)

    def _serve(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        finally:
            self._loop.close()

    async def _listen(self) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._ended.wait()
        server.close()
        open_ones = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._open.add(task)
        with suppress(OSError, asyncio.CancelledError):
            await self._join(reader, writer)
        self._open.discard(task)
        writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        targets = self._targets
        if not targets:
            return
        self._turn += 1
        port = targets[self._turn % len(targets)]
        there, away = await asyncio.open_connection("127.0.0.1", port)
        self.connections[port] += 1

        def count(chunk: bytes) -> None:
            self.requests[port] += len(_REQUEST.findall(chunk))

        try:
            await asyncio.gather(_pump(reader, away, count), _pump(there, writer))
        finally:
            away.close()


async def _pump(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    count: Callable[[bytes], None] = lambda chunk: None,
) -> None:
    """Pass on what comes until it ends, and then that it has ended.

    Where one side has gone, the other direction still ends by itself.
    """
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            count(chunk)
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

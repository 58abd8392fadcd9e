"""Reads files that are compressed by gzip or zstd, or not at all."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import IO, TYPE_CHECKING, Any

from toolkit.errors import UsageError
from toolkit.findings import Location

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_AT_ONCE = 2**17
_FRAMES_AT_ONCE = 2**14
"""Compressed bytes; a frame may be thousands of times as long as they are."""
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
"""Behind its first byte, the sign of a frame of zstd that holds no data; some come first."""


class Broken(OSError):
    """The compressed data is damaged, or cut off."""


def opened(name: str, progress: Callable[[int], None]) -> IO[bytes]:
    """Open a file, or standard input for ``-``, and decompress it by its first bytes.

    Consecutive members and frames are read as one. ``progress`` is called with the number of
    compressed bytes that were read. Raises `UsageError` if zstd is not installed, `OSError`,
    and on reading `Broken`.
    """
    source = sys.stdin.fileno() if name == "-" else name
    file = io.BufferedReader(_Counted(source, closefd=name != "-", progress=progress), _AT_ONCE)
    start = file.peek(4)[:4]
    if start.startswith(_GZIP):
        return io.BufferedReader(_Members(file), _AT_ONCE)
    if start == _ZSTD or (start[1:] == _SKIPPABLE and 0x50 <= start[0] < 0x60):
        if find_spec("zstandard") is None:
            file.close()
            raise UsageError.of(
                what=f"`{name}` is compressed by zstd, which is not installed",
                where=Location(name),
                why="the package `zstandard` decompresses it",
                fix="run `pip install zstandard`, or pipe the output of `zstd -dc` to `-`.",
            )
        return io.BufferedReader(_Frames(file), _AT_ONCE)
    return file


class _Counted(io.FileIO):
    def __init__(
        self, source: str | int, *, closefd: bool, progress: Callable[[int], None]
    ) -> None:
        super().__init__(source, closefd=closefd)
        self._progress = progress

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        size = super().readinto(buffer)
        self._progress(size or 0)
        return size


class _Unpacking(io.RawIOBase):
    """Decompresses a file; closes it at the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        self._left = self._left or self._unpacked()
        size = min(len(view), len(self._left))
        view[:size], self._left = self._left[:size], self._left[size:]
        return size

    def _unpacked(self) -> bytes:
        """Return the next bytes, none at the end; raises `Broken`."""
        raise NotImplementedError

    def close(self) -> None:
        self._file.close()
        super().close()


class _Members(_Unpacking):
    """Decompresses members of gzip."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._members = gzip.GzipFile(fileobj=file)

    def _unpacked(self) -> bytes:
        try:
            return self._members.read1(_AT_ONCE)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Broken(str(error)) from error


class _Frames(_Unpacking):
    """Decompresses frames of zstd; the package's own reader ignores one that is cut off."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._zstandard = import_module("zstandard")
        self._frame: Any = None
        self._rest = b""

    def _unpacked(self) -> bytes:
        while block := self._rest or self._file.read(_FRAMES_AT_ONCE):
            self._frame = self._frame or self._zstandard.ZstdDecompressor().decompressobj()
            try:
                found: bytes = self._frame.decompress(block)
            except self._zstandard.ZstdError as error:
                raise Broken(str(error)) from error
            self._rest = self._frame.unused_data
            if self._frame.eof:
                self._frame = None
            if found:
                return found
        if self._frame is not None:
            raise Broken("it ends in the middle of a frame")
        return b""

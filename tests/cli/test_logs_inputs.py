"""What ``toolkit logs load`` reads: compressed by gzip or zstd, from files and from pipes."""

from __future__ import annotations

import gzip
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.acceptance import ROOT
from toolkit.cli.logs._compression import Broken, opened

LINES = 3000
PIPELINE = """\
filter { grok { match => { "message" => "^%{WORD:method} %{NOTSPACE:path} %{INT:status:int}$" } } }
"""
CONTRACT = """\
logs: [{samples: "*.log", pipeline: app.conf, fields: {status: {type: short, role: status}}}]
"""


def text(start: int = 0, end: int = LINES) -> bytes:
    """Lines that cannot be compressed to nearly nothing."""
    chance = Random(7)
    paths = [f"{chance.getrandbits(64):x}" for _ in range(LINES)]
    return "".join(f"GET /{paths[n]} 200\n" for n in range(start, end)).encode()


def zstd(data: bytes) -> bytes:
    zstandard: Any = pytest.importorskip("zstandard", reason="zstandard, which packs, is missing")
    packed: bytes = zstandard.ZstdCompressor(write_checksum=True).compress(data)
    return packed


def streamed(data: bytes) -> bytes:
    """As ``zstd`` packs what comes from a pipe: without saying how much it is."""
    zstandard: Any = pytest.importorskip("zstandard", reason="zstandard, which packs, is missing")
    packer = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    packed: bytes = packer.compress(data) + packer.flush()
    return packed


def skippable(data: bytes) -> bytes:
    """As ``pzstd`` packs: with a frame in front that holds no data."""
    return b"\x50\x2a\x4d\x18" + struct.pack("<I", 4) + b"abcd" + zstd(data)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "zstd": zstd,
    "zstd, streamed": streamed,
    "zstd, with a frame that is skipped": skippable,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "toolkit.yml").write_text(CONTRACT, "utf-8")
    (tmp_path / "app.conf").write_text(PIPELINE, "utf-8")
    return tmp_path


def read(path: Path) -> bytes:
    with opened(str(path), lambda size: None) as file:
        return file.read()


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_a_file_is_unpacked_whatever_it_is_called(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "app.log").write_bytes(pack(text()))
    assert read(tmp_path / "app.log") == text()


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_members_that_follow_each_other_are_one(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    parts = [pack(text(n, n + 1000)) for n in range(0, LINES, 1000)]
    (tmp_path / "app.log").write_bytes(b"".join([*parts, pack(b"")]))
    assert read(tmp_path / "app.log") == text()


@pytest.mark.parametrize("pack", [gzip.compress, zstd, streamed])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.999])
def test_what_is_cut_off_is_found_out(
    tmp_path: Path, pack: Callable[[bytes], bytes], share: float
) -> None:
    packed = pack(text())
    (tmp_path / "app.log").write_bytes(packed[: int(len(packed) * share)])
    found: list[bytes] = []
    with opened(str(tmp_path / "app.log"), lambda size: None) as file, pytest.raises(Broken):
        found.extend(file)
    assert text().startswith(b"".join(found))
    assert all(line.endswith(b"\n") for line in found)


@pytest.mark.parametrize("pack", [gzip.compress, zstd, streamed])
def test_what_is_damaged_is_found_out(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(text()))
    for place in range(len(packed) // 2, len(packed) // 2 + 100):
        packed[place] ^= 0xFF
    (tmp_path / "app.log").write_bytes(packed)
    with pytest.raises(Broken):
        read(tmp_path / "app.log")


@pytest.mark.parametrize("data", [b"", b"\n", b"\x1f", b"\x28\xb5", b"(\xb5/", b"P*M"])
def test_what_is_short_is_plain(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "app.log").write_bytes(data)
    assert read(tmp_path / "app.log") == data


@pytest.mark.parametrize("pack", PACKED.values(), ids=PACKED)
def test_progress_is_that_of_the_file_as_it_lies_there(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    sizes: list[int] = []
    (tmp_path / "app.log").write_bytes(pack(text()))
    with opened(str(tmp_path / "app.log"), sizes.append) as file:
        assert file.read() == text()
    assert sum(sizes) == (tmp_path / "app.log").stat().st_size


def load(project: Path, *names: str, given: bytes = b"") -> tuple[int, str, str]:
    """Load in a process of its own, with a pipe as its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "logs", "load", *names],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=given,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_standard_input_is_unpacked_and_read_once(project: Path) -> None:
    for pack, account in ((gzip.compress, "3000 + there already 0"), (zstd, "0 + there already")):
        code, out, err = load(project, "-", given=pack(text()))
        assert (code, err) == (0, "")
        assert f"sent 3000 = stored {account}" in out


def test_a_packed_file_that_is_mended_gives_what_was_missing(project: Path) -> None:
    packed, path = gzip.compress(text()), project / "app.log.1.gz"
    path.write_bytes(packed[: len(packed) // 2])
    code, out, err = load(project, path.name)
    assert code == 2
    assert f"`{path.name}` cannot be read to its end" in err
    before = int(out.split("stored ")[1].split()[0])
    assert 0 < before < LINES
    path.write_bytes(packed)
    code, out, _ = load(project, path.name)
    assert code == 0
    assert f"sent 3000 = stored {LINES - before} + there already {before} + rejected 0" in out


def test_zstd_where_nothing_reads_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from toolkit.errors import UsageError

    (tmp_path / "app.log").write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * 20)
    monkeypatch.setattr("toolkit.cli.logs._compression.find_spec", lambda name: None)
    with pytest.raises(UsageError) as raised:
        read(tmp_path / "app.log")
    assert "`zstd -dc`" in raised.value.finding.fix

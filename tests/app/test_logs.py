"""Lines of several processes share a file and survive its rotation."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import open_log
from tests.app.reading import read_lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "app.log"


@pytest.fixture
def log(path: Path) -> Iterator[logging.Logger]:
    log = open_log(path)
    yield log
    for destination in log.handlers:
        destination.close()


def messages(path: Path) -> list[str]:
    return [line.message for line in read_lines(path.read_text())]


def test_a_line_without_a_request_tells_its_process(log: logging.Logger, path: Path) -> None:
    log.info("Cache filled in %d ms", 12)
    (line,) = read_lines(path.read_text())
    assert (line.message, line.fields) == (
        "Cache filled in 12 ms",
        {"pid": str(os.getpid()).encode()},
    )


def test_a_renamed_file_is_left_for_a_new_one(log: logging.Logger, path: Path) -> None:
    log.info("one")
    path.rename(path.with_suffix(".1"))
    log.info("two")
    path.unlink()
    log.info("three")
    assert messages(path.with_suffix(".1")) == ["one"]
    assert messages(path) == ["three"]


def test_a_truncated_file_is_filled_from_its_start(log: logging.Logger, path: Path) -> None:
    log.info("one")
    os.truncate(path, 0)
    log.info("two")
    assert messages(path) == ["two"]


def test_standard_output_has_the_same_lines(
    log: logging.Logger, path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    log.info("one")
    log.warning("two")
    assert capfd.readouterr().out == path.read_text()


def test_a_lost_folder_costs_the_line_but_not_the_request(
    log: logging.Logger, path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path.unlink()
    path.parent.rmdir()
    log.info("one")
    path.parent.mkdir()
    log.info("two")
    assert messages(path) == ["two"]
    captured = capfd.readouterr()
    assert "FileNotFoundError" in captured.err
    assert len(captured.out.splitlines()) == 2


def _write_many(path: Path, name: str) -> None:
    log = open_log(path)
    log.removeHandler(log.handlers[1])
    for _ in range(100):
        log.info(name * 20_000)


def test_long_lines_of_several_processes_do_not_tear(path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write_many, args=(path, name)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    written = messages(path)
    assert sorted(set(written)) == [name * 20_000 for name in "abcd"]
    assert len(written) == 400

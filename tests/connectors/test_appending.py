"""Lines are appended to a file that others write, or it is left as it was."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit.connectors.appending import append
from toolkit.errors import Unavailable


@pytest.mark.parametrize("there", [b"", b"a line\n", b"\xff\xfe\n"])
def test_lines_come_behind_those_that_are_there(there: bytes, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(there)
    append(path, ["one", "two\nof two", "\udcff"])
    assert path.read_bytes() == there + b"one\ntwo\nof two\n\xff\n"


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    append(tmp_path / "app.log", ["one"])
    assert (tmp_path / "app.log").read_text("utf-8") == "one\n"


def refusal(path: Path) -> str:
    with pytest.raises(Unavailable) as raised:
        append(path, ["one"])
    return raised.value.finding.what


def test_half_a_line_is_not_completed(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("half", "utf-8")
    assert refusal(path) == "`app.log` ends within a line"
    assert path.read_text("utf-8") == "half"


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").startswith("`pipe` is no file")
    assert refusal(tmp_path).endswith("is no file that lines could be appended to")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone" / "app.log") == "`app.log` cannot be written"

"""The files of a repository: each is read, or named with the reason why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit.connectors import repository
from toolkit.connectors.repository import open_tree, read_repository


def omitted(root: Path) -> dict[str, str]:
    return {each.path: each.reason for each in open_tree(root, "").omitted}


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("a: 1\n")


def test_a_link_that_cannot_be_followed_is_named(tmp_path: Path) -> None:
    write(tmp_path, "app.yml", "outside/x.yml")
    (tmp_path / "loop.yml").symlink_to("loop.yml")
    (tmp_path / "gone.yml").symlink_to("nowhere.yml")
    (tmp_path / "long.yml").symlink_to("n" * 300)
    (tmp_path / "folder").symlink_to("outside", target_is_directory=True)
    assert sorted(open_tree(tmp_path, "").contents) == ["app.yml", "outside/x.yml"]
    assert omitted(tmp_path) == {
        "folder": "it is a link to a folder",
        "gone.yml": "it cannot be read: No such file or directory",
        "long.yml": "it cannot be read: File name too long",
        "loop.yml": "it cannot be read: Too many levels of symbolic links",
    }
    assert [each.name for each in read_repository(tmp_path).files] == ["app.yml", "outside/x.yml"]


def test_a_folder_that_cannot_be_listed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "app.yml", "locked/x.yml")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert omitted(tmp_path) == {"locked": "it cannot be read: Permission denied"}
    assert list(open_tree(tmp_path, "").contents) == ["app.yml"]


def test_a_full_folder_hides_no_other_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST_OF_FOLDER", 3)
    write(tmp_path, *(f"data/{n}.json" for n in range(5)), *(f"data/{n}.py" for n in range(9)))
    write(tmp_path, "pipeline/app.conf")
    tree = open_tree(tmp_path, "")
    assert sorted(tree.contents) == [*(f"data/{n}.json" for n in range(3)), "pipeline/app.conf"]
    assert omitted(tmp_path) == {"data": "2 of its 5 files are passed over: they are too many"}


def test_folders_near_the_root_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "MOST", 1)
    write(tmp_path, *(f"a/deep/{n}.json" for n in range(3)), "z/app.conf", "compose.yml")
    assert sorted(open_tree(tmp_path, "").contents) == ["compose.yml", "z/app.conf"]
    assert omitted(tmp_path) == {
        "a/deep": "it and all that is as deep are passed over: 1 files come before"
    }


def test_files_that_are_not_read_have_a_limit_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MOST", 1)
    write(tmp_path, *(f"a/{n}.py" for n in range(12)), "b/app.conf")
    assert "b" in omitted(tmp_path)


def test_folders_of_package_managers_and_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "node_modules/a.yml", ".git/config", "src/app.py", "src/app.yml")
    tree = open_tree(tmp_path, "")
    assert (list(tree.contents), set(tree.unread)) == (["src/app.yml"], {"src/app.py"})
    assert omitted(tmp_path) == {"node_modules": "a package manager fills it"}

"""A project with a ``toolkit`` of its own is left alone, and leaves ours alone."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.wheel import Environment

HELPER = "def helper(): return 1\n"
TEST = "from toolkit import helper\ndef test_it(): assert helper() == 1\n"
BELOW = TEST.replace("toolkit", "toolkit.helpers")
CONTRACT = """\
logs:
  - {name: a, samples: app.log, pipeline: app.conf, fields: {word: keyword}}
"""
SAMPLES = {
    "app.conf": 'filter { grok { match => { "message" => "%{WORD:word}" } } }\n',
    "app.log": "hello\n",
}
FINDER = """\
import sys
from importlib.machinery import PathFinder
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return PathFinder.find_spec(name, [{folder!r}]) if name == "toolkit" else None
sys.meta_path.append(Finder)
"""


def line_of_a_path(folder: Path, site: Path) -> Iterator[Path]:
    """As editable installs of a `src` layout are."""
    (site / "zzz.pth").write_text(f"{folder}/src\n")
    yield site / "zzz.pth"


def finder(folder: Path, site: Path) -> Iterator[Path]:
    """As editable installs of a flat layout are."""
    (site / "neighbour.py").write_text(FINDER.format(folder=str(folder / "src")))
    (site / "neighbour.pth").write_text("import neighbour\n")
    yield from (site / "neighbour.py", site / "neighbour.pth")


@dataclass(frozen=True)
class Project:
    """Somebody's project, and how its tests are run."""

    files: dict[str, str]
    arguments: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    ini: str = ""
    editable: Callable[[Path, Path], Iterator[Path]] | None = None


PACKAGE = {"toolkit/__init__.py": HELPER, "tests/test_it.py": TEST}
SRC = {"src/toolkit/__init__.py": HELPER, "tests/test_it.py": TEST}
ROOT = {"conftest.py": ""}
"""Puts the root of a project on the path, when its tests are collected."""
NAMESPACE = {"toolkit/helpers.py": HELPER, "tests/test_it.py": BELOW}
AS_PYTEST = ("-P",)
"""Without the current folder on the path, as the command ``pytest`` runs."""
PROJECTS = {
    "package": Project(PACKAGE),
    "package, importlib": Project(PACKAGE, ("--import-mode=importlib",)),
    "package, append": Project(PACKAGE | ROOT, ("--import-mode=append",), AS_PYTEST),
    "package, conftest": Project(PACKAGE | {"conftest.py": "import toolkit\n"}, python=AS_PYTEST),
    "package, tests in it": Project(
        {"toolkit/__init__.py": HELPER, "toolkit/tests/__init__.py": ""}
        | {"toolkit/tests/test_it.py": TEST},
        python=AS_PYTEST,
    ),
    "package, a plugin": Project(
        {
            "toolkit/__init__.py": "import pytest\n@pytest.fixture\ndef one(): return 1\n",
            "tests/test_it.py": "def test_it(one): assert one == 1\n",
        },
        ("-p", "toolkit"),
    ),
    "package, xdist": Project(PACKAGE, ("-n", "2")),
    "module": Project({"toolkit.py": HELPER, "tests/test_it.py": TEST}),
    "namespace": Project(NAMESPACE),
    "namespace, conftest": Project(NAMESPACE | ROOT, python=AS_PYTEST),
    "namespace, one of ours": Project(
        {"toolkit/errors.py": HELPER, "tests/test_it.py": BELOW.replace("helpers", "errors")}
    ),
    "src, pythonpath": Project(SRC, python=AS_PYTEST, ini="pythonpath = src"),
    "src, editable": Project(SRC, python=AS_PYTEST, editable=line_of_a_path),
    "src, editable by a finder": Project(SRC, python=AS_PYTEST, editable=finder),
    "warnings are errors": Project(PACKAGE, ini="filterwarnings = error"),
    "no plugin": Project(PACKAGE, ("-p", "no:telemetry_contract")),
}
"""Each has one test, which passes."""


@contextmanager
def written(project: Project, folder: Path, site: Path) -> Iterator[None]:
    """Write a project, and install it as it likes to be for a while."""
    write(folder, {"pytest.ini": f"[pytest]\n{project.ini}\n", **project.files})
    added = [*project.editable(folder, site)] if project.editable else []
    try:
        yield
    finally:
        for path in added:
            path.unlink()


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_the_tests_of_a_neighbour_pass(
    project: Project, environment: Environment, tmp_path: Path
) -> None:
    """Contracts that lie there are not tested, and a warning says so."""
    write(tmp_path, {"toolkit.yml": CONTRACT, "a.toolkit.yml": CONTRACT, **SAMPLES})
    with written(project, tmp_path, environment.site):
        command = (*project.python, "-m", "pytest", *project.arguments)
        done = environment.run("python", *command, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    warned = project is not PROJECTS["no plugin"]
    for name in ("toolkit.yml", "a.toolkit.yml"):
        text = f" {name} is not tested: `toolkit` is another package here ("
        assert (text in done.stdout) == warned


def test_a_neighbour_without_a_contract_notices_nothing(
    environment: Environment, tmp_path: Path
) -> None:
    write(tmp_path, PACKAGE)
    done = environment.run("python", "-m", "pytest", cwd=tmp_path)
    assert "1 passed in " in done.stdout, done.stdout


def test_a_fixture_of_ours_fails_where_a_neighbour_asks_for_it(
    environment: Environment, tmp_path: Path
) -> None:
    test = "def test_it(toolkit_events): pass\n"
    write(tmp_path, PACKAGE | SAMPLES | {"toolkit.yml": CONTRACT, "tests/test_it.py": test})
    done = environment.run("python", "-m", "pytest", cwd=tmp_path)
    assert done.returncode == 1
    assert "plugin.py" not in done.stdout, "no traceback"
    assert "hides that of telemetry-contract; run `toolkit verify toolkit.yml` in" in done.stdout


def test_a_folder_without_modules_is_no_neighbour(
    environment: Environment, tmp_path: Path
) -> None:
    write(tmp_path, {"toolkit/data.csv": "", "toolkit.yml": CONTRACT, **SAMPLES})
    done = environment.run("python", "-m", "pytest", "-W", "error", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert environment.run("python", "-m", "toolkit", "--help", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("files", [PACKAGE, NAMESPACE, {"toolkit.py": HELPER}, {}])
@pytest.mark.parametrize("command", [("toolkit",), ("python", "-m", "telemetry_contract")])
def test_the_command_is_ours_everywhere(
    files: dict[str, str], command: tuple[str, ...], environment: Environment, tmp_path: Path
) -> None:
    write(tmp_path, {**files, "toolkit.yml": CONTRACT, **SAMPLES})
    done = environment.run(*command, "verify", cwd=tmp_path, PYTHONPATH=".")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def shared(wheel: Path, tmp_path: Path) -> Path:
    """A folder of packages in which another distribution was installed after ours."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    info = "site/toolkit-0.0.3.dist-info"
    files = {f"{info}/METADATA": "Name: toolkit\n", f"{info}/top_level.txt": "toolkit\n"}
    write(tmp_path, {**files, "site/toolkit/__init__.py": HELPER})
    return tmp_path / "site"


def test_two_distributions_in_one_folder(
    shared: Path, environment: Environment, tmp_path: Path
) -> None:
    """The one that was installed last is intact; ours does not go on with half its files."""
    write(tmp_path, {"test_it.py": TEST, "toolkit.yml": CONTRACT})

    def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = ("python", "-m", module, *arguments)
        return environment.run(*command, cwd=tmp_path, PYTHONPATH=str(shared))

    done = run("telemetry_contract", "verify")
    assert (done.returncode, done.stdout) == (3, "")
    said = "files of telemetry-contract were overwritten by toolkit"
    assert done.stderr.startswith(f"? could not look  {shared}/toolkit\n  {said}\n")
    assert "1 passed, 1 warning" in run("pytest").stdout


def test_the_wheel_has_nothing_of_the_service(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "telemetry_contract",
        "toolkit",
    }

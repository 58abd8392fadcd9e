"""What `tests.new` writes is checked, typed and green before anybody has touched it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.new import new_check, new_filter

ROOT = Path(__file__).parents[1]
GROUPS = sorted(path.name for path in (ROOT / "tests/checks").iterdir() if path.is_dir())

LIKE = {"dashboards": "metrics/slo-edge"}
"""What to begin from in a group that has no file of its own."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages that a check needs, to write into."""
    folder = tmp_path_factory.mktemp("copy")
    left_out = shutil.ignore_patterns("__pycache__", "recordings")
    for name in ("toolkit", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "examples", folder / "examples")
    return folder


def run(folder: Path, *words: str | Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "CI"}
        | {"PYTEST_XDIST_WORKER": "", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_check_of_any_group_is_sound_and_green_at_the_first_run(copy: Path) -> None:
    modules = [
        new_check(copy, f"{group}/brand-new", LIKE.get(group))[0]
        for group in GROUPS
        if group[0] != "_"
    ]
    assert len(modules) > 5
    run(copy, "ruff", "format", *modules)
    run(copy, "ruff", "check", *modules)
    run(copy, "mypy", "--cache-dir", copy / "cache", *modules)
    selected = ("pytest", "-q", "-p", "no:cacheprovider", "tests/checks", "-k", "brand-new")
    run(copy, *selected, "--update")
    run(copy, *selected)
    for module in modules:
        cases = copy / "tests/checks" / module.parent.name / "brand_new.md"
        reports = cases.read_text("utf-8").split("```text report\n")[1:]
        assert [report.split("\n```")[0].splitlines()[-1][:4] for report in reports] == [
            "PASS",
            "FAIL",
        ]


@pytest.mark.parametrize(
    ("name", "like", "message"),
    [
        ("logs", None, "write GROUP/NAME"),
        ("logs/No_Match", None, "write GROUP/NAME"),
        ("logs/no-match", None, "there is a check `logs/no-match`"),
        ("other/rule", None, "add LIKE=group/name"),
        ("other/rule", "logs/no-such", "there is no check `logs/no-such` to begin from"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(
    copy: Path, name: str, like: str | None, message: str
) -> None:
    with pytest.raises(SystemExit, match=message):
        new_check(copy, name, like)


def test_a_new_group_begins_from_the_check_that_is_named(copy: Path) -> None:
    module, cases = new_check(copy, "other/first-rule", "service/stops")
    assert "def first_rule(expected: ServiceExpectation" in module.read_text("utf-8")
    assert (module.parent / "__init__.py").exists()
    assert cases.read_text("utf-8").startswith("# other/first-rule\n")


CONFIGURATION = """\
filter {
  new_hash { field => "a" }
  new_hash { field => "b" }
}
"""


def test_a_new_filter_is_sound_and_known_and_wants_recordings(copy: Path) -> None:
    module, test, cases = new_filter(copy, "new_hash")
    run(copy, "ruff", "check", module, test)
    run(copy, "ruff", "format", "--check", module, test)
    run(copy, "mypy", "--cache-dir", copy / "cache", module, test)
    (copy / "a.conf").write_text(CONFIGURATION, "utf-8")
    (copy / "in").write_text('{"a": "secret text", "b": 1}\n', "utf-8")
    out = run(copy, *["toolkit", "logstash", "run", "a.conf", "--input", "in", "--codec", "json"])
    assert '"a":"*******text"' in out
    assert '"tags":["_newhashfailure"]' in out
    with pytest.raises(AssertionError, match="record runs of the real plugin"):
        run(copy, "pytest", "-q", test)
    case = {"plugin": "new_hash", "options": {"field": "a"}, "event": {"a": "secret text"}}
    seen = {"matched": True, "expected": {"a": "*******text"}}
    cases.write_text(json.dumps(case | seen) + "\n", "utf-8")
    run(copy, "pytest", "-q", test)


@pytest.mark.parametrize("name", ["grok", "Upper", "a-b", ""])
def test_a_filter_that_cannot_be_named_so_is_refused(copy: Path, name: str) -> None:
    with pytest.raises(SystemExit):
        new_filter(copy, name)

"""Checks, filters and report formats of other packages are found, and named where they fail."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.projects import project, toolkit
from tests.extensions.packages import installed, write

ACME, FORMER = (Path(__file__).parent / name for name in ("acme", "former"))
CONFIGURATION = 'filter { acme_upper { fields => ["message"] %s } }\n'
CONTRACT = "logs:\n  - {name: a, pipeline: app.conf, samples: app.log, fields: {message: text}}\n"
MANIFEST = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: a, image: a}]}
"""
FILTER = """\
from toolkit.logstash.filters import Filter
class Mine(Filter):
    plugin = emulates = "mine"
"""
BROKEN = """\
    def register(self, context):
        return lambda event: 1 // 0
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def acme(folder: Path) -> Iterator[Path]:
    """A project, where a package with a check and a filter is installed."""
    with installed(ACME, site=folder.parent / "site"):
        yield project(folder, CONTRACT, app_conf=CONFIGURATION % "", app_log="hallo\n")


@pytest.mark.usefixtures("acme")
def test_a_filter_runs() -> None:
    Path("in").write_text("hallo\n")
    result = toolkit("logstash", "run", "app.conf", "--input", "in")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["message"] == "HALLO"
    assert toolkit("verify").exit_code == 0


@pytest.mark.usefixtures("acme")
def test_the_options_of_a_filter_are_checked() -> None:
    assert toolkit("logstash", "check", "app.conf").exit_code == 0
    Path("app.conf").write_text(CONFIGURATION % 'felds => ["a"]')
    result = toolkit("logstash", "check", "app.conf")
    assert result.exit_code == 2
    assert "did you mean `fields`?" in result.stdout


@pytest.mark.usefixtures("acme")
def test_a_filter_is_part_of_the_lineage() -> None:
    assert "acme_upper" in toolkit("impact", "message").stdout


def test_a_check_judges_and_is_listed(acme: Path) -> None:
    project(acme, "kubernetes: {manifests: pod.yml}\n", pod_yml=MANIFEST)
    result = toolkit("verify", "--only", "manifests/has-owner")
    assert result.exit_code == 1
    assert "runs `a`, whose tag moves" in result.stdout
    listed = [line for line in toolkit("checks").stdout.splitlines() if "(acme_checks)" in line]
    assert [line.split()[0] for line in listed] == ["manifests/has-owner"]


def test_a_package_written_for_version_0_1_is_found(folder: Path) -> None:
    """Its texts stay as they were, with the names that modules and arguments had."""
    former = folder.parent / "acme"
    shutil.copytree(ACME, former)
    shutil.copy(FORMER / "has_owner.txt", former / "acme_checks" / "manifests" / "has_owner.py")
    shutil.copy(FORMER / "acme_upper.txt", former / "acme_upper.py")
    project(folder, CONTRACT, app_conf=CONFIGURATION % "", app_log="hallo\n")
    with installed(former, site=folder.parent / "site"):
        with pytest.warns(DeprecationWarning, match="` (of a check )?is `.*` now"):
            listed = toolkit("checks")
        assert "manifests/has-owner " in listed.stdout
        assert toolkit("verify").exit_code == 0


def test_a_report_format_is_offered(folder: Path) -> None:
    project(folder, CONTRACT, app_log="GET / status=200\n")
    module = "def render(report):\n    return f'{report.verdict.name} in other words\\n'\n"
    mine = write(folder.parent / "words", "reports", "words=words", words=module)
    with installed(mine, site=folder.parent / "site"):
        assert toolkit("verify", "--format", "words").stdout == "PASS in other words\n"
        assert "words" in toolkit("verify", "--format", "wrds").stderr


@pytest.mark.parametrize("bundled", ["geoip", "mine"])
def test_a_filter_may_be_one_that_logstash_has(folder: Path, bundled: str) -> None:
    module = FILTER.replace("mine", bundled)
    mine = write(folder.parent / "mine", "filters", f"{bundled}=module", module=module)
    (folder / "a.conf").write_text(f"filter {{ {bundled} {{ nonsense => 1 }} }}")
    with installed(mine, site=folder.parent / "site"):
        result = toolkit("logstash", "check", "a.conf")
    assert result.exit_code == 2
    assert "REFUSED  1 fault, 0 warnings" in result.stdout


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("import no_such_thing", "cannot be imported: ModuleNotFoundError: No module named 'no_s"),
        ("def (", "cannot be imported: SyntaxError: "),
        ("raise RuntimeError('not today')", "cannot be imported: RuntimeError: not today"),
        ("", "is no module with "),
        (FILTER.replace('"mine"', '"other"'), "is no module with "),
    ],
)
@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("filters", ("logstash", "check", "app.conf")),
        ("checks", ("checks",)),
        ("checks", ("verify",)),
        ("reports", ("verify", "--format", "mine")),
    ],
)
def test_a_package_that_is_broken_is_named(
    folder: Path, kind: str, command: tuple[str, ...], module: str, said: str
) -> None:
    project(folder, CONTRACT, app_conf="filter { mine { } }\n")
    mine = write(folder.parent / "acme-mine", kind, "mine=module", module=module)
    with installed(mine, site=folder.parent / "site"):
        result = toolkit(*command)
    assert (result.exit_code, result.stdout) == (3, "")
    assert said in " ".join(result.stderr.split())
    assert re.findall(r"^(\S.*|  why|  fix)", result.stderr, re.MULTILINE) == [
        f"? could not look  acme-mine, entry point toolkit.{kind}",
        "  why",
        "  fix",
    ]


def test_a_filter_that_is_broken_leaves_its_pipeline_unproven(folder: Path) -> None:
    project(folder, CONTRACT, app_conf="filter { mine { } }\n")
    mine = write(folder.parent / "acme-mine", "filters", "mine=module", module="")
    with installed(mine, site=folder.parent / "site"):
        result = toolkit("verify")
    assert result.exit_code == 3
    assert "`module` of the package acme-mine 1.2 is no module with " in result.stdout


def test_a_name_of_a_value_is_no_module(folder: Path) -> None:
    mine = write(folder.parent / "acme-mine", "filters", "mine=module:Mine", module=FILTER)
    (folder / "a.conf").write_text("filter { mine { } }")
    with installed(mine, site=folder.parent / "site"):
        result = toolkit("logstash", "check", "a.conf")
    assert result.exit_code == 3
    assert "`module:Mine` of the package acme-mine 1.2 is no module with " in result.stderr


def test_a_check_without_a_group_is_refused(folder: Path) -> None:
    module = "from toolkit.checks import check\n@check(expects=str, queries=dict)\ndef f(): pass\n"
    mine = write(folder.parent / "acme-mine", "checks", "mine=module", module=module)
    with installed(mine, site=folder.parent / "site"):
        result = toolkit("checks")
    assert result.exit_code == 3
    assert "has to be in a package, its group" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("kind", "module", "command"),
    [
        ("reports", "def render(report): return 1 // 0\n", ("verify", "--format", "mine")),
        ("filters", FILTER + BROKEN, ("logstash", "run", "app.conf", "--input", "app.log")),
        ("filters", FILTER + BROKEN, ("verify",)),
    ],
)
def test_a_defect_of_a_package_is_not_one_of_the_toolkit(
    folder: Path, kind: str, module: str, command: tuple[str, ...]
) -> None:
    project(
        folder, CONTRACT, app_conf="filter { mine { } }\n" if kind == "filters" else "filter {}"
    )
    mine = write(folder.parent / "acme-mine", kind, "mine=module", module=module)
    with installed(mine, site=folder.parent / "site"):
        result = toolkit(*command)
    assert result.exit_code == 3
    said = f"{result.stdout}{result.stderr}"
    assert "bug in acme-mine 1.2: ZeroDivisionError: " in said
    assert "bug in the toolkit" not in said

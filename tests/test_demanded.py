"""Where ``REQUIRE_REAL`` is set, no test is missed without a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PERMITTED, SERVER, SLOW

OPTIONS = ("-p", "tests.conftest", "--continue-on-collection-errors")
ROOT = Path(__file__).parents[1]
TESTS = f"""\
import pytest

def test_there(): pass
def test_missing(): pytest.skip("no server here")
def test_root(): pytest.skip({PERMITTED[1]!r})
@pytest.mark.skipif(True, reason="not on a Monday")
def test_marked(): pass
@pytest.mark.xfail(raises=ValueError)
def test_expected(): raise ValueError
"""


@pytest.mark.parametrize(
    ("demanded", "counts"),
    [
        ("", "1 passed, 4 skipped, 1 xfailed"),
        ("1", "1 failed, 1 passed, 1 skipped, 1 xfailed, 2 errors"),
    ],
)
def test_a_skip_is_a_failure_where_real_things_are_demanded(
    demanded: str, counts: str, tmp_path: Path
) -> None:
    (tmp_path / "test_some.py").write_text(TESTS, "utf-8")
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('nothing')\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "REQUIRE_REAL": demanded, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert counts in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("place", [*SERVER, *SLOW])
def test_a_place_whose_tests_are_marked_is_there(place: str) -> None:
    assert (ROOT / place).exists()

"""What is installed in the image is what the tests ran with, and nothing that was not locked."""

from __future__ import annotations

import re
import tomllib

from tests.image.building import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
_PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)


def pins(name: str) -> dict[str, str]:
    """Name and version of everything that a lock file pins with hashes."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return {found[1]: found[2] for found in _PIN.finditer(text)}


def test_every_line_is_a_pin_with_hashes() -> None:
    text = (ROOT / "requirements/service.txt").read_text("utf-8")
    assert pins("service.txt")
    assert _PIN.sub("", text) == ""


def test_it_has_the_versions_that_are_tested() -> None:
    assert pins("service.txt").items() <= pins("dev.txt").items()


def test_it_covers_the_extra_and_leaves_the_toolkit_out() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extra = {re.split("[<>=]", each)[0] for each in project["optional-dependencies"]["service"]}
    core = {re.split("[<>=]", each)[0] for each in project["dependencies"]}
    assert extra <= set(pins("service.txt"))
    assert not (core - extra - {"click"}) & set(pins("service.txt"))


def test_it_is_installed_with_its_hashes_and_reaches_the_last_stage() -> None:
    first, last = DOCKERFILE.split("\n\nFROM ")[-2:]
    assert "--require-hashes" in first
    assert "COPY --from=dependencies /opt/venv /opt/venv" in last
    assert "pip" not in last


def test_nothing_is_sent_to_the_build_but_what_is_copied() -> None:
    everything, *allowed = [
        line
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    copied = re.findall(r"^COPY (?!--)(\S+)", DOCKERFILE, re.M)
    assert everything == "*"
    assert sorted(each[1:] for each in allowed if each.startswith("!")) == sorted(copied)

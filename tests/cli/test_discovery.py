"""What `toolkit init` takes a file for, by its content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from toolkit.cli.init._discovery import discover

COMPOSE = "services:\n  filebeat:\n    image: filebeat\n"
CHART = "filebeat:\n  enabled: true\n"
DOTTED = "filebeat.inputs:\n- type: filestream\n  paths: [/var/log/*.log]\n"
NESTED = "name: a\nfilebeat:\n  registry: {path: /r}\n\n  inputs:\n  - type: filestream\n"
GROUP = "groups:\n- name: g\n  rules:\n  - alert: Down\n    expr: up == 0\n"
QUOTED = '"groups":\n- "name": "g"\n  "rules":\n  - "alert": "Down"\n    "expr": "up == 0"\n'
VALUES = "serverFiles:\n  alerts.yml:\n" + "".join(f"    {line}\n" for line in GROUP.splitlines())
MANIFEST = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n" + "".join(
    f"  {line}\n" for line in GROUP.splitlines()
)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("docker-compose.yml", COMPOSE, ""),
        ("values.yaml", CHART, ""),
        ("filebeat.yml", DOTTED, "shippers"),
        ("filebeat.yml", NESTED, "shippers"),
        ("rules.yml", GROUP, "rules"),
        ("alert.rules", GROUP, "rules"),
        ("rules.yml", QUOTED, "rules"),
        ("values.yaml", VALUES, ""),
        ("rules.yml", MANIFEST, "rules"),
    ],
)
def test_a_file_is_taken_for_what_it_holds(
    name: str, text: str, kind: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    found = discover(tmp_path)
    assert [each for each in ("shippers", "rules") if getattr(found, each)] == [kind] * bool(kind)


@pytest.mark.parametrize("name", [b"a\xff.log", b"a\nb.log"])
def test_a_name_that_no_contract_can_have_is_passed_over_by_name(
    name: bytes, tmp_path: Path
) -> None:
    (tmp_path / os.fsdecode(name)).write_text("2026-03-02T09:14:38Z a line\n", "utf-8")
    found = discover(tmp_path)
    (omitted,) = found.omitted
    assert (found.samples, omitted.path.isascii(), omitted.path.isprintable()) == ([], True, True)

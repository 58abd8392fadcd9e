"""Templates of alerts: held to promtool."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from tests.real import program
from toolkit.prometheus.templates import template_fault

PARSED = (
    "no action",
    "{{ $value }} {{$labels.job}} {{ .Value }} {{ .Labels.job }} {{ $externalURL }}",
    '{{ $value | humanizePercentage }} {{ printf "%.2f" $value }} {{ $value | printf `%s` }}',
    "{{- $labels.job -}} {{/* a comment */}} {{- /* trimmed */ -}}",
    '{{ if gt $value 1.5 }}a{{ else if eq $labels.a "b" }}b{{ else }}c{{ end }}',
    '{{ range query "up" }}{{ .Labels.instance }} {{ .Value | humanize }}{{ end }}',
    '{{ with query "up" }}{{ . | first | value }}{{ end }}',
    '{{ $x := $value }}{{ $x }} {{ range $i, $e := query "up" }}{{ $i }}{{ $e }}{{ end }}',
    '{{ index $labels "a-b" }} {{ $labels }} {{ $ }} {{ (query "up" | first).Value }}',
    '{{ $labels.job | toUpper | title }} {{ reReplaceAll "a" "b" $labels.job }} }}',
    "{{ -1 }} {{ 0x1F }} {{ 1e3 }} {{ 'a' }} {{ true }} {{ not true }}",
    "{ { $label } }",
)
REFUSED = (
    "{{ $label.job }}",
    "{{ $values }}",
    "{{ $value | humanizePercent }}",
    "{{ $value | humanize }",
    "{{ $value",
    "{{ }}",
    "{{ $labels.a-b }}",
    "{{ if $value }}a",
    "{{ end }}",
    "{{ $labels.job | upper }}",
    '{{ range query "up" }}{{ .Value }}',
    '{{ "open }}',
    "{{ $value & 1 }}",
    "{{ job }}",
    "{{ $x }}{{ $x := 1 }}",
)


@pytest.mark.parametrize("text", PARSED)
def test_what_can_be_parsed_has_no_fault(text: str) -> None:
    assert template_fault(text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_parsed_has_one(text: str) -> None:
    assert template_fault(text) is not None


def test_promtool_refuses_the_same(tmp_path: Path) -> None:
    paths = {tmp_path / f"{n}.yml": text for n, text in enumerate((*PARSED, *REFUSED))}
    for path, text in paths.items():
        rule = {"alert": "A", "expr": "up == 0", "annotations": {"summary": text}}
        path.write_text(yaml.safe_dump({"groups": [{"name": "g", "rules": [rule]}]}), "utf-8")
    command = [program("promtool"), "check", "rules", "--lint=none", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    refused = {text for path, text in paths.items() if f"{path}: group" in done.stderr}
    assert refused == set(REFUSED), done.stderr

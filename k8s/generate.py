"""Write the ConfigMaps and the PrometheusRule of `k8s/` from the files of `pipelines/`.

``python -m k8s.generate`` writes them; with ``--check`` nothing is written, and the exit code is
1 if a file differs. What is in `pipelines/` is what the tests and `toolkit verify` look at, so a
copy made by hand could run something else than what was proved.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent

ROOT = Path(__file__).resolve().parent.parent
_PIPELINES = ROOT / "pipelines"
_MADE = "# Made from pipelines/ by `make manifests`: edit there, not here.\n"
_RELEASE = {"release": "prometheus-stack"}
"""The helm release; its Prometheus takes rules with this label only."""


@dataclass(frozen=True, slots=True)
class ConfigMap:
    """One ConfigMap: its name and the files, below `pipelines/`, that are its keys."""

    name: str
    files: tuple[str, ...]
    namespace: str = "sre-app"
    labels: Mapping[str, str] = field(default_factory=dict)

    def render(self) -> str:
        """Write it as YAML, each file's text unchanged."""
        keys = "".join(_literal(_PIPELINES / file) for file in self.files)
        head = _head("v1", "ConfigMap", self.name, self.namespace, self.labels)
        return f"{head}data:\n{indent(keys, '  ')}"


_ELK = (
    ConfigMap("filebeat", ("filebeat/filebeat.yml",)),
    ConfigMap("logstash-settings", ("logstash/logstash.yml",)),
    ConfigMap("logstash-pipeline", ("logstash/app.conf",)),
    ConfigMap("logstash-patterns", ("logstash/patterns/app",)),
    ConfigMap("elasticsearch-template", ("elasticsearch/template.json",)),
    ConfigMap("kibana-objects", ("kibana/sre-pleno-app.ndjson",)),
)
_DASHBOARD = ConfigMap(
    "sre-pleno-app-dashboard",
    ("grafana/golden-signals.json",),
    "monitoring",
    {"grafana_dashboard": "1"},
)


def generated() -> Iterator[tuple[Path, str]]:
    """Each file that is made, and what is to be in it."""
    yield ROOT / "k8s/elk/configmaps.yaml", _MADE + "---\n".join(map(ConfigMap.render, _ELK))
    yield ROOT / "k8s/monitoring/dashboard.yaml", _MADE + _DASHBOARD.render()
    yield ROOT / "k8s/monitoring/prometheusrule.yaml", _MADE + _prometheus_rule()


def _prometheus_rule() -> str:
    """The rules, which are the specification of a PrometheusRule as they stand."""
    kind = ("monitoring.coreos.com/v1", "PrometheusRule")
    rules = (_PIPELINES / "prometheus/rules.yml").read_text("utf-8")
    return f"{_head(*kind, 'sre-pleno-app', 'monitoring', _RELEASE)}spec:\n{indent(rules, '  ')}"


def _head(
    api_version: str, kind: str, name: str, namespace: str, labels: Mapping[str, str]
) -> str:
    shown = {"app.kubernetes.io/part-of": "sre-pleno-app", **labels}
    lines = "".join(f'    {key}: "{value}"\n' for key, value in shown.items())
    return (
        f"apiVersion: {api_version}\nkind: {kind}\n"
        f"metadata:\n  name: {name}\n  namespace: {namespace}\n  labels:\n{lines}"
    )


def _literal(file: Path) -> str:
    """One key and its text, in the one form of YAML that leaves every line as it is."""
    text = file.read_text("utf-8")
    if not text.endswith("\n") or text.endswith("\n\n") or text.startswith((" ", "\n")):
        raise ValueError(f"{file} must begin with a word and end with one line end")
    return f"{file.name}: |\n{indent(text, '  ')}"


def main(arguments: list[str]) -> int:
    """Write what differs, or only say so; the answer is the exit code."""
    differing = [(path, text) for path, text in generated() if _read(path) != text]
    if arguments == ["--check"]:
        for path, _ in differing:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not up to date: make manifests\n")
        return 1 if differing else 0
    for path, text in differing:
        path.write_text(text, "utf-8")
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return 0


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

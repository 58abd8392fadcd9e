"""What is made from pipelines/ is made anew from what is there now, to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from k8s.generate import ConfigMap, generated, main
from tests.k8s.shipped import ROOT, one

TEXTS = {
    ("filebeat", "filebeat.yml"): "filebeat/filebeat.yml",
    ("logstash-settings", "logstash.yml"): "logstash/logstash.yml",
    ("logstash-pipeline", "app.conf"): "logstash/app.conf",
    ("logstash-patterns", "app"): "logstash/patterns/app",
    ("elasticsearch-template", "template.json"): "elasticsearch/template.json",
    ("kibana-objects", "sre-pleno-app.ndjson"): "kibana/sre-pleno-app.ndjson",
    ("sre-pleno-app-dashboard", "golden-signals.json"): "grafana/golden-signals.json",
}


def text(name: str) -> str:
    return (ROOT / "pipelines" / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("path", "wanted"), list(generated()), ids=[path.name for path, _ in generated()]
)
def test_the_files_are_up_to_date(path: Path, wanted: str) -> None:
    assert path.read_text("utf-8") == wanted, "make manifests"


@pytest.mark.parametrize(("place", "source"), TEXTS.items())
def test_a_config_map_holds_its_file_to_the_letter(place: tuple[str, str], source: str) -> None:
    name, key = place
    assert one("ConfigMap", name).get("data", key) == text(source)


def test_nothing_that_ships_is_left_out() -> None:
    kinds = ("filebeat", "logstash", "elasticsearch", "kibana", "grafana")
    shipped = {
        str(file.relative_to(ROOT / "pipelines"))
        for kind in kinds
        for file in (ROOT / "pipelines" / kind).rglob("*")
        if file.is_file()
    }
    assert shipped == set(TEXTS.values())


def test_the_rules_are_the_specification_of_a_prometheus_rule() -> None:
    assert one("PrometheusRule", "sre-pleno-app").get("spec") == yaml.safe_load(
        text("prometheus/rules.yml")
    )


def test_a_difference_is_said_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, wanted in generated():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(wanted, "utf-8")
    monkeypatch.setattr("k8s.generate.ROOT", tmp_path)
    assert main(["--check"]) == 0
    edited = tmp_path / "k8s/elk/configmaps.yaml"
    edited.write_text(edited.read_text("utf-8").replace("5044", "5045"), "utf-8")
    assert main(["--check"]) == 1
    assert capsys.readouterr().err == "k8s/elk/configmaps.yaml is not up to date: make manifests\n"
    assert main([]) == 0
    assert main(["--check"]) == 0


@pytest.mark.parametrize("content", ["no line end", "two\n\n", " a blank first\n", "\nearly\n"])
def test_what_a_literal_cannot_hold_is_refused(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.conf").write_text(content, "utf-8")
    monkeypatch.setattr("k8s.generate._PIPELINES", tmp_path)
    with pytest.raises(ValueError, match=r"a\.conf must begin with a word"):
        ConfigMap("a", ("a.conf",)).render()

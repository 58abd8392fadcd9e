"""Targets and their labels: held to a real Prometheus."""

from __future__ import annotations

import json
import random
import socket
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.real import program
from tests.waiting import until
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_2
from toolkit.prometheus.scraping.configuration import jobs_of, undiscovered
from toolkit.prometheus.scraping.jobs import ScrapeJob
from toolkit.prometheus.scraping.labels import Labels
from toolkit.prometheus.scraping.relabeling import Relabeling, relabeled
from toolkit.prometheus.selectors import Matcher

NAMES = ("app", "env", "__meta_zone", "__tmp", "job", "instance", "__address__", "__param_x")
VALUES = ("shop", "shop-web", "Prod", "a1", "", "eu;west", "x_y")
EXPRESSIONS = (
    *("(.*)", ".+", "shop", "shop.*", "(.)(.*)", "(?P<head>[a-z]+)-?(.*)", "(?i)PROD", ""),
    *("[[:alpha:]]+", r"(\w+):(\d+)", "a|shop", "(a)|(shop)", "(.*);(.*)", r"shop\z"),
)
REPLACEMENTS = ("$1", "${1}-x", "$1_x", "fixed", "", "$2", "${head}", "$$1", "${9}", "a$1b$2")
TARGETS = ("app", "env", "new", "job", "instance", "__tmp", "${1}", "x_$2")
JOBS = 400


def _step(pick: random.Random) -> dict[str, Any]:
    """A step that Prometheus accepts."""
    sources = pick.sample(NAMES, pick.randint(1, 2))
    action = pick.choice(("replace",) * 6 + ("keep", "drop", "labelmap", "labeldrop"))
    action = pick.choice((action, action, "labelkeep", "lowercase", "uppercase", "keepequal"))
    step: dict[str, Any] = {"action": action, "regex": pick.choice(EXPRESSIONS)}
    match action:
        case "labelmap":
            return {**step, "regex": "__meta_(.+)", "replacement": pick.choice(("$1", "m_$1"))}
        case "labeldrop" | "labelkeep":
            wide = "(?:app|env|job|__address__|__scheme__|__metrics_path__|__scrape_.*)"
            return {**step, "regex": wide if action == "labelkeep" else "app|__tmp|e.*"}
        case "keep" | "drop":
            return {**step, "source_labels": sources}
        case "keepequal":
            action = pick.choice(("keepequal", "dropequal"))
            return {"action": action, "source_labels": sources[:1], "target_label": "app"}
        case "lowercase" | "uppercase":
            return {"action": action, "source_labels": sources, "target_label": "new"}
    given = {"source_labels": sources, "target_label": pick.choice(TARGETS)}
    if pick.random() < 0.3:
        given["separator"] = pick.choice(("", "-", "@@"))
    return {**step, **given, "replacement": pick.choice(REPLACEMENTS)}


def _configuration(seed: int) -> dict[str, Any]:
    pick = random.Random(seed)
    jobs = []
    for number in range(JOBS):
        groups = [
            {
                "targets": [f"h{number}-{each}:{pick.choice((80, 8000))}"],
                "labels": {
                    name: pick.choice(VALUES)
                    for name in pick.sample(("app", "env", "__meta_zone", "instance"), 2)
                },
            }
            for each in range(4)
        ]
        steps = [_step(pick) for _ in range(pick.randint(0, 4))]
        jobs.append({"job_name": f"j{number}", "static_configs": groups, "relabel_configs": steps})
    # Nothing is scraped while the test lasts.
    return {"global": {"scrape_interval": "1h"}, "scrape_configs": jobs}


@pytest.fixture
def served(tmp_path: Path) -> tuple[str, dict[str, list[dict[str, str]]]]:
    """A configuration, and the labels of the targets that Prometheus makes of it, by pool."""
    text = yaml.safe_dump(_configuration(20), sort_keys=False)
    (tmp_path / "prometheus.yml").write_text(text, "utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    options = [f"--web.listen-address={address}", f"--storage.tsdb.path={tmp_path}/data"]
    command = [program("prometheus"), f"--config.file={tmp_path}/prometheus.yml", *options]
    with (tmp_path / "log").open("w") as log, subprocess.Popen(command, stderr=log) as server:
        try:
            known = until(lambda: _targets(address, server), "targets")
        finally:
            server.kill()
    pools: dict[str, list[dict[str, str]]] = {}
    for each in known:
        pools.setdefault(each["scrapePool"], []).append(each["labels"])
    return text, pools


def _targets(address: str, server: subprocess.Popen[bytes]) -> list[dict[str, Any]]:
    """The targets that are scraped, once every job has been looked at."""
    assert server.poll() is None, "it ended; its log is beside its configuration"
    url = f"http://{address}/api/v1/targets"
    try:
        with urllib.request.urlopen(url) as answer:
            found: dict[str, Any] = json.load(answer)["data"]
    except OSError:
        return []
    looked = len(found["activeTargets"]) + len(found["droppedTargets"])
    return list(found["activeTargets"]) if looked == JOBS * 4 else []


def _known(labels: Mapping[str, str | None]) -> tuple[tuple[str, str | None], ...]:
    """The labels that remain."""
    found = {name: value for name, value in labels.items() if value != "" and name[:2] != "__"}
    return tuple(sorted(found.items()))


def _jobs(text: str) -> list[ScrapeJob]:
    document = read_document(text, "prometheus.yml", GO_YAML_2, what="the file")
    return list(jobs_of(document, lambda kind, node: [undiscovered(kind)]))


def test_targets_have_the_labels_that_prometheus_gives_them(
    served: tuple[str, dict[str, list[dict[str, str]]]],
) -> None:
    text, pools = served
    differing = [
        (job.relabelings, job.found, ours, real)
        for job in _jobs(text)
        if (ours := _kept(job)) != (real := {_known(each) for each in pools.get(job.name, ())})
    ]
    assert not differing, f"{len(differing)} of {JOBS}, such as {differing[0]}"


def _kept(job: ScrapeJob) -> set[tuple[tuple[str, str | None], ...]]:
    assert all(target.sure for target in job.targets)
    return {_known(each.values) for each in job.targets}


def test_an_address_without_a_port_is_an_instance_that_depends_on_the_version() -> None:
    (job,) = _jobs('scrape_configs: [{job_name: a, static_configs: [{targets: ["h", "h:1"]}]}]')
    assert [each.get("instance") for each in job.targets] == [None, "h:1"]


def test_a_target_without_an_address_is_none() -> None:
    step = '{target_label: __address__, replacement: ""}'
    (job,) = _jobs(
        'scrape_configs: [{job_name: a, static_configs: [{targets: ["h:1"]}],'
        f" relabel_configs: [{step}]}}]"
    )
    assert job.targets == ()


def test_an_empty_label_of_a_target_does_not_hide_that_of_the_job() -> None:
    group = '{targets: ["h:1"], labels: {job: ""}}'
    (job,) = _jobs(f"scrape_configs: [{{job_name: a, static_configs: [{group}]}}]")
    assert [each.get("job") for each in job.targets] == ["a"]


UNKNOWN = Labels({"a": "x", "b": None}, "__meta_.*")


@pytest.mark.parametrize(
    ("step", "label", "value"),
    [
        (Relabeling(sources=("a",), target="c"), "c", "x"),
        (Relabeling(sources=("b",), target="c"), "c", None),
        (Relabeling(sources=("__meta_x",), target="c"), "c", None),
        (Relabeling(sources=("__meta_x",), target="c", replacement="y"), "c", "y"),
        (Relabeling(sources=("__meta_x",), regex="q", target="c", replacement="y"), "c", None),
        (Relabeling(sources=("nothing",), target="a"), "a", ""),
        (Relabeling("labelmap", regex="__meta_(.+)"), "zone", None),
        (Relabeling("labelmap", regex="__meta_(.+)"), "a", "x"),
        (Relabeling("labeldrop", regex="__meta_x"), "__meta_x", ""),
        (Relabeling("labeldrop", regex="__meta_x"), "__meta_y", None),
        (Relabeling("labelkeep", regex="a"), "__meta_x", ""),
        (Relabeling("hashmod", sources=("a",), target="c"), "c", None),
        (Relabeling("lowercase", sources=("b",), target="c"), "c", None),
        (Relabeling("of a later version"), "a", None),
        (Relabeling(sources=("a",), regex=r"\pL", target="c"), "c", None),
    ],
)
def test_what_is_not_known_stays_unknown(step: Relabeling, label: str, value: str | None) -> None:
    found = relabeled(UNKNOWN, [step])
    assert isinstance(found, Labels)
    assert found.get(label) == value


@pytest.mark.parametrize("action", ["keep", "drop", "keepequal", "dropequal"])
def test_a_target_that_may_be_dropped_is_not_sure(action: str) -> None:
    found = relabeled(UNKNOWN, [Relabeling(action, sources=("b",), target="a")])
    assert isinstance(found, Labels)
    assert not found.sure
    assert found.fits([Matcher("a", "=", "x")]) is None
    assert found.fits([Matcher("a", "=", "y")]) is False


def test_the_step_that_drops_is_named() -> None:
    steps = [Relabeling("drop", ("a",), regex="y"), Relabeling("keep", ("a",), regex="y")]
    assert relabeled(UNKNOWN, steps) is steps[1]

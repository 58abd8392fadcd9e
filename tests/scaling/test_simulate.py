"""`toolkit scale --simulate`: any load in, the replicas and their reasons out."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.scaling.runs import run_of
from toolkit.cli import main
from toolkit.cli._scaling import scaling_scope, verify_without_load, with_warnings
from toolkit.cli._scaling_backend import scaling_backend
from toolkit.model.report import Report, Verdict

HERE = Path(__file__).parent
BURST = "cpu: {0s: 20m, 1m: 200m, 6m: 20m}\n"
RUN = """\
load usage=53 desired=1 ready=1
load users=8 usage=123 wanted=3 desired=3 ready=1
load users=8 usage=70 wanted=3 desired=3 ready=3
load users=8 usage=42 wanted=3 desired=3 ready=3
rest users=0 usage=0 wanted=0 desired=3 ready=3
rest users=0 usage=0 wanted=0 desired=1 ready=1
endpoint "GET /work" requests=200 failures=1 p95=0.2
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("contract.yml", "shop.yaml"):
        shutil.copy(HERE / name, tmp_path / name)
    shutil.copy(HERE / "traces" / "locust_stats_history.csv", tmp_path / "history.csv")
    (tmp_path / "burst.yml").write_text(BURST, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def simulate(*words: str) -> Result:
    return CliRunner().invoke(main, ["scale", *words])


def syncs_of(project: Path, *words: str) -> list[dict[str, Any]]:
    simulate(*words, "--timeline", "out.json")
    found: list[dict[str, Any]] = json.loads((project / "out.json").read_text("utf-8"))
    return found


def steps(project: Path, *words: str) -> list[tuple[float, int, int]]:
    """Time, replicas before and after each move."""
    (run,) = syncs_of(project, *words)
    return [
        (each["at"], each["current"], each["desired"])
        for each in run["syncs"]
        if each["current"] != each["desired"]
    ]


@pytest.mark.parametrize("subject", ["contract.yml", "shop.yaml"])
def test_a_contract_or_a_manifest_and_a_load_give_a_timeline(project: Path, subject: str) -> None:
    found = simulate(subject, "--simulate", "burst.yml")
    assert found.exit_code == 0, found.output
    lines = found.output.splitlines()
    assert lines[0] == "burst.yml: HorizontalPodAutoscaler shop, 1 to 4 replicas"
    assert lines[4] == "1:15     1 → 4      1  cpu 200 % (target 60 %) wants 4"
    assert "✓ reaches 3 within 55 s: 3 served after 25 s" in lines
    assert "✓ back to 1 within 105 s: 1 left after 60 s" in lines
    assert "105 s = 60 s stabilization window + 30 s metrics (2 × 15 s) + 15 s for 1" in (
        found.output
    )


def test_all_syncs_are_there_for_programs_and_on_request(project: Path) -> None:
    assert steps(project, "shop.yaml", "--simulate", "burst.yml") == [(75, 1, 4), (420, 4, 1)]
    (run,) = json.loads((project / "out.json").read_text("utf-8"))
    assert len(run["syncs"]) == 33
    assert run["syncs"][0]["why"] == "cpu 20 % (target 60 %): no change"
    assert [each["holds"] for each in run["promises"]] == [True, True]
    short = simulate("shop.yaml", "--simulate", "burst.yml").output
    long = simulate("shop.yaml", "--simulate", "burst.yml", "--every").output
    assert len(long.splitlines()) > len(short.splitlines()) + 20


def test_a_page_shows_the_plots_and_why(project: Path) -> None:
    simulate("shop.yaml", "--simulate", "burst.yml", "--timeline", "out.html")
    page = (project / "out.html").read_text("utf-8")
    assert "<title>burst.yml, shop: 1 → 4 → 1 replicas</title>" in page
    assert page.count("<svg ") == 2
    assert "1:15     1 → 4      1  cpu 200 % (target 60 %) wants 4" in page
    both = ("--simulate", "burst.yml", "--simulate", "history.csv", "--cost", "20ms")
    refused = simulate("shop.yaml", *both, "--timeline", "out.html")
    assert (refused.exit_code, "2 traces do not fit on the page" in refused.output) == (2, True)


def test_what_is_promised_and_not_met_fails(project: Path) -> None:
    (project / "burst.yml").write_text(f"{BURST}reaches: 4\nwithin: 20\n", "utf-8")
    found = simulate("shop.yaml", "--simulate", "burst.yml")
    assert found.exit_code == 1, found.output
    assert "4 served after 25 s, wanted: reaches 4 within 20 s" in found.output
    assert "autoscaling/simulated  burst.yml:1:1" in found.output


def test_a_history_of_locust_is_a_load_if_a_request_has_a_cost(project: Path) -> None:
    found = simulate("shop.yaml", "--simulate", "history.csv", "--cost", "20ms")
    assert found.exit_code == 0, found.output
    # 271 requests in 11 seconds of 15, each 20 ms, on a request of 100m.
    assert "cpu 361 % (target 60 %) wants 7; only 4" in found.output
    assert "back to 1" in found.output


def test_a_run_that_was_kept_is_a_load(project: Path) -> None:
    (project / "run.json").write_text(json.dumps(asdict(run_of(RUN))), "utf-8")
    assert steps(project, "shop.yaml", "--simulate", "run.json") == [(30, 1, 3), (120, 3, 1)]
    kept = {"system": "scaling", "key": "shop", "evidence": asdict(run_of(RUN))}
    (project / "run.jsonl").write_text(json.dumps(kept) + "\n", "utf-8")
    assert steps(project, "shop.yaml", "--simulate", "run.jsonl") == [(30, 1, 3), (120, 3, 1)]


def test_the_cpu_that_a_run_kept_goes_before_its_mean_usage(project: Path) -> None:
    moments = RUN.replace("usage=123", "usage=123 cpu=260")
    (project / "run.json").write_text(json.dumps(asdict(run_of(moments))), "utf-8")
    assert steps(project, "shop.yaml", "--simulate", "run.json")[0] == (30, 1, 4)


def test_counts_that_begin_anew_are_no_negative_load(project: Path) -> None:
    rows = "".join(f"{time},Aggregated,{count}\n" for time, count in RESET)
    text = f"Timestamp,Name,Total Request Count\n{rows}"
    (project / "reset.csv").write_text(text, "utf-8")
    (run,) = syncs_of(project, "shop.yaml", "--simulate", "reset.csv", "--cost", "20ms")
    assert [each["metrics"]["cpu"] for each in run["syncs"]][:3] == [100, 40, 50]


RESET = ((100, 0), (115, 75), (130, 60), (145, 135), (160, 210))
"""Five requests a second, then four, since the count was set back to nothing, then five."""


def test_no_pod_uses_more_than_its_limit(project: Path) -> None:
    (project / "peak.yml").write_text("cpu: {0s: 20m, 1m: 9}\n", "utf-8")
    assert "cpu 1000 % (target 60 %) wants 17" in (
        simulate("shop.yaml", "--simulate", "peak.yml").output
    )


def test_memory_is_not_shared(project: Path) -> None:
    text = (project / "shop.yaml").read_text("utf-8")
    target = "name: memory\n        target: {type: AverageValue, averageValue: 40Mi}"
    head, _, rest = text.partition("name: cpu\n")
    _, _, rest = rest.partition("}\n")
    (project / "shop.yaml").write_text(f"{head}{target}\n{rest}", "utf-8")
    (project / "full.yml").write_text("memory: {0s: 30Mi, 1m: 60Mi}\n", "utf-8")
    assert steps(project, "shop.yaml", "--simulate", "full.yml") == [
        (75, 1, 2),
        (90, 2, 3),
        (105, 3, 4),
    ]


def test_a_table_by_hand_says_the_same_as_yaml(project: Path) -> None:
    (project / "burst.csv").write_text("time,cpu\n0,20m\n1m,200m\n6m,20m\n", "utf-8")
    by_hand = steps(project, "shop.yaml", "--simulate", "burst.csv")
    assert by_hand == steps(project, "shop.yaml", "--simulate", "burst.yml") != []


def test_requests_cost_what_the_trace_says(project: Path) -> None:
    text = "requests: {0: 2, 60: 20, 360: 2}\ncost: 10ms\n"
    (project / "rates.yml").write_text(text, "utf-8")
    by_rate = steps(project, "shop.yaml", "--simulate", "rates.yml")
    assert by_rate == steps(project, "shop.yaml", "--simulate", "burst.yml")


def test_other_metrics_stand_below_their_name(project: Path) -> None:
    queue = (
        "    - type: External\n      external:\n        metric: {name: queue}\n"
        "        target: {type: AverageValue, averageValue: 10}\n  behavior:"
    )
    text = (project / "shop.yaml").read_text("utf-8").replace("  behavior:", queue)
    (project / "shop.yaml").write_text(text, "utf-8")
    both = "cpu: {0s: 20m}\nmetrics: {queue: {0s: 0, 1m: 35, 6m: 0}}\n"
    (project / "queue.yml").write_text(both, "utf-8")
    found = simulate("shop.yaml", "--simulate", "queue.yml")
    assert "queue 35 (target 10) wants 4" in found.output


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yml", "cpus: {0: 1}\n", "did you mean `cpu`?"),
        ("a.yml", "cpu: {0: 20m, 60: fast}\n", "`fast` is not a quantity"),
        ("a.yml", "cpu: {0: 20m, soon: 1}\n", "`soon` is not a time"),
        ("a.yml", "cpu: {60: 20m, 0: 1}\n", "the times of `cpu` do not ascend"),
        ("a.yml", "cpu: {0: 20m}\ncpu: {0: 30m}\n", "`cpu` is a duplicate key"),
        ("a.yml", "cpu: 20m\n", "`cpu` has no values by time"),
        ("a.yml", "until: 5m\n", "a.yml has no values"),
        ("a.yml", "cpu: {0: 20m}\nwithin: soon\n", "`within` is `soon`, wanted a number of"),
        ("a.yml", "requests: {0: 2}\n", "the cost of a request is not known"),
        ("a.yml", "memory: {0: 20Mi}\n", "a.yml has no values of `cpu`"),
        ("a.yml", "cpu: {0: 20m\n", "the trace is not valid YAML"),
        ("a.yml", "- 1\n", "a.yml is not a mapping"),
        ("a.csv", "", "a.csv has no values"),
        ("a.csv", "Type,Name\nGET,/\n", "the columns of a.csv are `Type`, `Name`"),
        ("a.csv", "time,cpu\n0,20m\n60,much\n", "`much` is not a value of `cpu`"),
        ("a.csv", "time,cpu\n60,20m\n0,30m\n", "the times of a.csv do not ascend"),
        (
            "a.csv",
            "Timestamp,Name,Total Request Count\n1,Aggregated,0\n",
            "fewer than two rows called `Aggregated`",
        ),
        ("a.json", "{}", "a.json is not a run of `toolkit scale`"),
        ("a.json", "[1]", "a.json is not a run of `toolkit scale`"),
        ("a.jsonl", "{}\n{}\n", "a.jsonl is not a run of `toolkit scale`"),
        ("a.json", '{"speed": 10, "unit": "%", "moments": []}', "a run without any sync"),
    ],
)
def test_what_is_no_trace_is_refused_with_its_place(
    project: Path, name: str, text: str, said: str
) -> None:
    (project / name).write_text(text, "utf-8")
    found = simulate("shop.yaml", "--simulate", name)
    output = " ".join(found.output.split())
    assert (found.exit_code, said in output) == (2, True), found.output
    assert f"✗ error  {name}" in found.output


def test_a_cost_that_is_none_is_refused(project: Path) -> None:
    found = simulate("shop.yaml", "--simulate", "burst.yml", "--cost", "20")
    assert (found.exit_code, "`20` is no time, such as `15ms`" in found.output) == (2, True)


def test_without_an_autoscaler_nothing_is_proved(project: Path) -> None:
    text = (project / "shop.yaml").read_text("utf-8").partition("---")[0]
    (project / "shop.yaml").write_text(text, "utf-8")
    found = simulate("shop.yaml", "--simulate", "burst.yml")
    assert found.exit_code == 3
    assert "the manifests have no HorizontalPodAutoscaler" in found.output


def test_what_version_1_of_the_api_aims_at_is_read(project: Path) -> None:
    found: list[Any] = []
    for percent in (60, 200):
        head, _, _ = (project / "shop.yaml").read_text("utf-8").partition("---")
        hpa = (
            "apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: shop}\n"
            "spec:\n  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
            f"  maxReplicas: 4\n  targetCPUUtilizationPercentage: {percent}\n"
        )
        (project / "shop.yaml").write_text(f"{head}---\n{hpa}", "utf-8")
        found.append(steps(project, "shop.yaml", "--simulate", "burst.yml"))
    assert found[0][0] == (75, 1, 4)
    assert found[1] == []


def test_what_the_manifests_warn_of_is_told_beside_a_run(project: Path) -> None:
    text = (
        (project / "contract.yml").read_text("utf-8").replace("speed: 30", "speed: 30, back: 100")
    )
    (project / "contract.yml").write_text(text, "utf-8")
    scope = scaling_scope(project / "contract.yml", starts=True, systems=frozenset())
    looked = verify_without_load(scope, scaling_backend(scope, None, load=True))
    assert looked.verdict is Verdict.PASS
    run = Report(looked.judgements[:1])
    told = [each.step.check.id for each in with_warnings(looked, run).judgements]
    assert told == ["autoscaling/too-slow", looked.judgements[0].step.check.id]
    assert with_warnings(None, run) == run


def test_a_limit_within_the_tolerance_holds_the_replicas_for_ever(project: Path) -> None:
    text = (project / "shop.yaml").read_text("utf-8")
    (project / "shop.yaml").write_text(text.replace('cpu: "1"', "cpu: 65m"), "utf-8")
    found = simulate("shop.yaml", "--simulate", "burst.yml")
    assert found.exit_code == 1
    text = " ".join(found.output.split())
    assert "for ever: usage at its limit is within the tolerance of the target" in text
    assert "raise the limit, or lower the target." in text


def test_without_replicas_an_external_metric_scales_out_again(project: Path) -> None:
    head, _, rest = (project / "shop.yaml").read_text("utf-8").partition("  metrics:")
    queue = "{metric: {name: queue}, target: {type: AverageValue, averageValue: 30}}"
    external = f"  metrics: [{{type: External, external: {queue}}}]\n  behavior:"
    text = (
        head.replace("minReplicas: 1", "minReplicas: 0")
        + external
        + rest.partition("behavior:")[2]
    )
    (project / "shop.yaml").write_text(text, "utf-8")
    (project / "queue.yml").write_text("metrics: {queue: {0s: 0, 5m: 90, 7m: 0}}\n", "utf-8")
    found = simulate("shop.yaml", "--simulate", "queue.yml", "--every")
    assert "1 → 0      1  queue 0 (target 30) wants 0" in found.output
    assert "queue undefined without pods (target 30): no change" in found.output
    assert "0 → 3      0  queue undefined without pods (target 30) wants 3" in found.output
    assert "✓ back to 0 within" in found.output

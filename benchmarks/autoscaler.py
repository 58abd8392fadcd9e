"""Simulated autoscalers: processor time of 10,000 syncs."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.measuring import interleaved, table
from toolkit.kubernetes.autoscaling.decoding import decode_spec
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, simulate
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.timeline import Timeline
from toolkit.kubernetes.autoscaling.trace import Trace

_SYNCS = 10_000
_PERIOD = 15
_SETTINGS = ClusterSettings(
    template=PodTemplate((ContainerRequests("app", {"cpu": 250}),)),
    running_after=3_000,
    ready_after=7_000,
)
_BEHAVIORS: dict[str, Any] = {
    "no behavior": None,
    "behavior: {}": {},
    "own policies": {
        "scaleUp": {"policies": [{"type": "Pods", "value": 2, "periodSeconds": 60}]},
        "scaleDown": {
            "stabilizationWindowSeconds": 120,
            "policies": [{"type": "Percent", "value": 50, "periodSeconds": 60}],
        },
    },
}


def main() -> None:
    """Print milliseconds of processor time."""
    runs: dict[str, Callable[[], object]] = {
        f"{behavior}, {load}": partial(_run, _spec(stated), trace)
        for behavior, stated in _BEHAVIORS.items()
        for load, trace in _traces().items()
    }
    seconds = interleaved(runs)
    rows = [
        (name, f"{value * 1e3:.0f}", f"{value / _SYNCS * 1e6:.1f}")
        for name, value in seconds.items()
    ]
    table(f"Simulated autoscaler, {_SYNCS:,} syncs", ("HPA, load", "ms", "µs per sync"), rows)


def _run(spec: Spec, trace: Trace) -> Timeline:
    return simulate(spec, {"cpu": trace}, _SETTINGS, _SYNCS * _PERIOD * 1000)


def _spec(behavior: Any) -> Spec:
    target = {"type": "Utilization", "averageUtilization": 60}
    return decode_spec(
        {
            "scaleTargetRef": {"kind": "Deployment", "name": "app"},
            "minReplicas": 1,
            "maxReplicas": 10,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
            "behavior": behavior,
        }
    )


def _traces() -> dict[str, Trace]:
    """One load that changes every ten minutes, and one that is never twice the same."""
    generator = random.Random(7)
    levels = [(time, generator.randint(50, 1500)) for time in range(0, _SYNCS * _PERIOD, 600)]
    noise = [(time, generator.randint(50, 1500)) for time in range(0, _SYNCS * _PERIOD, _PERIOD)]
    return {"levels": Trace.of(levels, most=500), "noise": Trace.of(noise, most=500)}

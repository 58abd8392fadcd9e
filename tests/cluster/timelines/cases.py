"""Loads, and the autoscalers that are put under them: some picked, some made at random."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import yaml

REQUEST = 100
"""What each container requests: thousandths of a core, and MiB."""

_PICKED = Path(__file__).with_name("picked.yaml")
_SEEDS = (0, 1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13)
"""The others give loads that scale nothing."""
_STEPS = 20


@dataclass(frozen=True, eq=False)
class Case:
    """An autoscaler's spec, without its target, and what the pods use at each of its syncs."""

    id: str
    spec: Mapping[str, Any]
    cpu: tuple[int, ...]
    """Thousandths of a core, of all pods together or of each."""
    shared: bool = True
    memory: tuple[int, ...] = ()
    """MiB of each pod, where there is a second metric."""
    most: int | None = None
    """The thousandths that no pod passes."""
    replicas: int = 1
    """How many there are before."""
    running_after: int = 0
    """Milliseconds from a pod's creation."""
    ready_after: int = 0
    """From then on."""
    resolution: int = 0
    """Milliseconds between two measurements; 0 if each sync sees the very moment."""
    containers: tuple[str, ...] = ("app",)
    """The first of them does all the work."""
    calm: bool = False
    """Whether nothing may be scaled."""

    def __str__(self) -> str:
        return self.id


class Seen(NamedTuple):
    """What one sync came to."""

    wanted: int | None
    """What the metrics propose, before windows and limits; None if it asked for none."""
    replicas: int


def _picked() -> Iterator[Case]:
    for name, stated in yaml.safe_load(_PICKED.read_text("utf-8")).items():
        loads = {key: tuple(_values(stated[key])) for key in ("cpu", "memory") if key in stated}
        containers = tuple(stated.get("containers", ["app"]))
        spec = {"metrics": [_utilization(50)], **stated["spec"]}
        yield Case(**{"id": name, **stated, **loads, "containers": containers, "spec": spec})


def _values(text: str) -> Iterator[int]:
    for each in str(text).split():
        value, _, times = each.partition("x")
        yield from [int(value)] * int(times or 1)


def _utilization(percent: int) -> dict[str, Any]:
    target = {"type": "Utilization", "averageUtilization": percent}
    return {"type": "Resource", "resource": {"name": "cpu", "target": target}}


def _generated(seed: int) -> Case:
    random = Random(seed)
    least = random.randint(1, 3)
    most = least + random.randint(2, 8)
    slow = random.random() < 0.3
    spec = {
        "minReplicas": least,
        "maxReplicas": most,
        "metrics": [_utilization(random.choice((40, 55, 80)))],
    }
    if random.random() < 0.75:
        spec["behavior"] = dict(_behavior(random))
    return Case(
        f"generated {seed}",
        spec,
        tuple(_walk(random, most)),
        replicas=least,
        most=random.choice((None, 150, 300)),
        running_after=1100 if slow else 0,
        ready_after=1300 if slow else 0,
    )


def _walk(random: Random, most: int) -> Iterator[int]:
    """A load that stays for a while, drifts, and jumps."""
    load = random.randint(20, 300)
    for _ in range(_STEPS):
        if random.random() < 0.4:
            load = random.choice((random.randint(0, most * 70), load * 2, load // 3, load + 25))
        load = min(load, most * 90)
        yield load


def _behavior(random: Random) -> Iterator[tuple[str, Any]]:
    """No window or period is near a multiple of the sync period."""
    for direction in ("scaleUp", "scaleDown"):
        if random.random() < 0.8:
            rules: dict[str, Any] = {
                "stabilizationWindowSeconds": random.choice((0, 0, 2, 4, 7)),
                "selectPolicy": random.choice(("Max", "Max", "Min")),
            }
            if random.random() < 0.7:
                rules["policies"] = [_policy(random) for _ in range(random.randint(1, 2))]
            yield direction, rules


def _policy(random: Random) -> dict[str, Any]:
    type_ = random.choice(("Pods", "Percent"))
    value = random.choice((1, 2, 3) if type_ == "Pods" else (20, 60, 100))
    return {"type": type_, "value": value, "periodSeconds": random.choice((2, 4, 7, 12))}


CASES = (*_picked(), *map(_generated, _SEEDS))

"""A proposal and a history become a limited number of replicas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.kubernetes.autoscaling.replay import milliseconds
from toolkit.kubernetes.autoscaling.decoding import decode_behavior
from toolkit.kubernetes.autoscaling.normalization import (
    Memory,
    Recommendation,
    ReplicaChange,
    normalize,
    remember_rescale,
)
from toolkit.kubernetes.autoscaling.spec import CrossVersionReference, Flags, Spec


@dataclass(frozen=True)
class Normalization:
    """A record of ``normalize.jsonl``; its moment of calculation is time 0."""

    record: dict[str, Any]

    @property
    def expected(self) -> dict[str, Any]:
        """The number, the reasons, and the memory after it.

        The recorder cut the ages that it wrote to milliseconds, which lost one of those that
        no double holds; such an age is read as the one that was put in.
        """
        output, given = self.record["output"], self.record["input"]
        return {
            **output,
            "recommendations_after": _aged(
                output["recommendations_after"], given["past_recommendations"]
            ),
            "scale_ups_after": _aged(output["scale_ups_after"], given["past_scale_ups"]),
            "scale_downs_after": _aged(output["scale_downs_after"], given["past_scale_downs"]),
        }

    def observe(self) -> dict[str, Any]:
        """What the emulation makes of it."""
        given = self.record["input"]
        behavior = given["behavior"]
        spec = Spec(
            CrossVersionReference("Deployment", "app"),
            given["max_replicas"],
            (),
            given["min_replicas"],
            None if behavior is None else decode_behavior(behavior),
        )
        flags = Flags(downscale_stabilization=milliseconds(given["downscale_stabilization_s"]))
        current = given["current_replicas"]
        wanted = given["desired_from_metrics"]
        found, memory = normalize(spec, flags, _memory(given), 0, current, wanted)
        memory = remember_rescale(memory, spec, 0, current, found.replicas)
        return {
            "replicas": found.replicas,
            "able_to_scale_reason": found.able,
            "scaling_limited_status": "True" if found.is_limited else "False",
            "scaling_limited_reason": found.limited,
            "recommendations_after": _shown(memory.recommendations),
            "scale_ups_after": _shown(memory.ups),
            "scale_downs_after": _shown(memory.downs),
        }


def _aged(after: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Pairs of age in milliseconds and number, as recorded."""
    cut = {milliseconds(each["age_s"]) - 1 for each in before}
    return [
        (age + 1 if (age := milliseconds(each["age_s"])) in cut else age, each["n"])
        for each in after
    ]


def _memory(given: dict[str, Any]) -> Memory:
    return Memory(
        tuple(_pair(each) for each in given["past_recommendations"]),
        tuple(ReplicaChange(*_pair(each)) for each in given["past_scale_ups"]),
        tuple(ReplicaChange(*_pair(each)) for each in given["past_scale_downs"]),
    )


def _pair(entry: dict[str, Any]) -> tuple[int, int]:
    return -milliseconds(entry["age_s"]), entry["n"]


def _shown(entries: tuple[Recommendation | ReplicaChange, ...]) -> list[tuple[int, int]]:
    return [(-each[0], each[1]) for each in entries]

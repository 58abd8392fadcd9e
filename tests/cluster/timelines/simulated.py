"""The same load in the simulator, whose syncs come when those of the controller came."""

from __future__ import annotations

from collections.abc import Sequence

from tests.cluster.timelines.cases import REQUEST, Case, Seen
from toolkit.kubernetes.autoscaling.decoding import decode_spec
from toolkit.kubernetes.autoscaling.observation import ContainerRequests, PodTemplate
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, simulate
from toolkit.kubernetes.autoscaling.spec import Flags, Spec
from toolkit.kubernetes.autoscaling.timeline import SimulatedSync
from toolkit.kubernetes.autoscaling.trace import Trace

TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "app"}
_MEBIBYTE = 2**20 * 1000


def spec_of(case: Case) -> Spec:
    """The autoscaler as the simulator reads it."""
    return decode_spec({**case.spec, "scaleTargetRef": TARGET})


def windows(spec: Spec, flags: Flags) -> set[int]:
    """How long proposals are remembered, in milliseconds."""
    if spec.behavior is None:
        return {flags.downscale_stabilization}
    up, down = spec.behavior.up.window, spec.behavior.down.window
    return {up or 0, flags.downscale_stabilization if down is None else down} - {0}


def periods(spec: Spec) -> set[int]:
    """How long changes are remembered, in milliseconds."""
    rules = (spec.behavior.up, spec.behavior.down) if spec.behavior else ()
    return {policy.period for each in rules for policy in each.policies}


def simulated(case: Case, told: Sequence[int], syncs: Sequence[int], flags: Flags) -> list[Seen]:
    """What the simulator makes of a load that changes at some times, and syncs at others."""
    requests = {"cpu": REQUEST, "memory": REQUEST * _MEBIBYTE}
    settings = ClusterSettings(
        flags,
        PodTemplate(tuple(ContainerRequests(name, requests) for name in case.containers)),
        case.replicas,
        case.resolution,
        case.running_after,
        case.ready_after,
        syncs=tuple(syncs),
    )
    load = {"cpu": Trace(tuple(told), case.cpu, case.shared, case.most)}
    if case.memory:
        memory = tuple(each * _MEBIBYTE for each in case.memory)
        load["memory"] = Trace(tuple(told), memory, shared=False)
    return [_seen(step) for step in simulate(spec_of(case), load, settings, syncs[-1]).steps]


def _seen(step: SimulatedSync) -> Seen:
    return Seen(step.decision.wanted if step.decision else None, step.replicas)

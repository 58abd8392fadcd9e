"""Simulated decisions of an autoscaler under given load traces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from toolkit.evidence.autoscaling.autoscalers import Scalable, autoscaler
from toolkit.evidence.autoscaling.loads import LoadTrace, read_load
from toolkit.evidence.autoscaling.loads.load import refused
from toolkit.evidence.files import Files, FileSet
from toolkit.kubernetes.autoscaling.deadlines import (
    Deadline,
    Unreachable,
    derive_back,
    derive_reach,
    saturation,
)
from toolkit.kubernetes.autoscaling.demand import busy, demand
from toolkit.kubernetes.autoscaling.expectations import (
    FLAP_WINDOW,
    Expectations,
    Judged,
    judge,
)
from toolkit.kubernetes.autoscaling.simulation import simulate
from toolkit.kubernetes.autoscaling.spec import Spec
from toolkit.kubernetes.autoscaling.timeline import Timeline
from toolkit.kubernetes.autoscaling.trace import Busy
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Answer, Derived, Query

_LONGEST = 86_400_000
"""Maximum simulated time, in milliseconds."""


@dataclass(frozen=True, slots=True)
class SimulatedLoad:
    """An autoscaler under one load."""

    load: LoadTrace
    timeline: Timeline
    expected: Expectations
    busy: Busy | None
    """From sufficient load until it ends; None if it is never sufficient."""
    asks: int | None
    """Maximum number of replicas that the load needs; None if it is not known."""
    until: int
    reach: Deadline | Unreachable
    back: Deadline | Unreachable

    @property
    def judged(self) -> tuple[Judged, ...]:
        """Each expectation, and its result."""
        points, expected = self.timeline.points, self.expected
        found = judge(
            expected, points, self.busy or Busy(0, None), self.until, self.reach, self.back
        )
        if self.busy is not None:
            return found
        what = f"needs {self.asks} replicas at most" if self.asks is not None else "never changes"
        never = Judged(f"reaches {expected.reaches}", False, f"the load {what}")
        return (never, *(each for each in found if each.about == "flaps"))


@dataclass(frozen=True, slots=True)
class Simulations:
    """An autoscaler under several loads."""

    scaled: Scalable
    runs: tuple[SimulatedLoad, ...]


@dataclass(frozen=True, slots=True)
class SimulationsOf(Derived[Simulations]):
    """Simulate the autoscaler of a contract under the loads of some files."""

    expected: ScalingExpectation
    autoscaler: Query[Scalable]
    files: Query[FileSet]

    def derive(self, found: Answer[Scalable], files: Answer[FileSet]) -> Answer[Simulations]:
        scaled, expected = found.evidence, self.expected
        loads = [read_load(file, scaled, expected.cost) for file in files.evidence]
        runs = tuple(simulate_load(expected, scaled, load) for load in loads)
        syncs = sum(len(each.timeline.steps) for each in runs)
        return Answer(Simulations(scaled, runs), files.origin, syncs, "syncs")


def simulations(expected: ScalingExpectation, scope: Scope) -> Query[Simulations] | None:
    """Return the query for the simulation of the contract's load traces; None if it has none."""
    found = autoscaler(expected, scope)
    if found is None or not expected.traces:
        return None
    return SimulationsOf(expected, found, Files(expected.traces, expected.declared, "traces"))


def simulate_load(
    promised: ScalingExpectation, scaled: Scalable, load: LoadTrace
) -> SimulatedLoad:
    """Run an autoscaler under a load, for as long as its expectations last.

    Args:
        promised: The expectations of the contract.
        scaled: The autoscaler and its pods.
        load: The load trace, which may override expectations.
    """
    promised = replace(promised, **load.promises)
    spec, settings = scaled.deployed, scaled.settings(promised.startup)
    lacking = [each.name for each in spec.metrics if each.name not in load.load]
    if lacking:
        raise refused(
            f"{load.name} has no values of `{lacking[0]}`",
            load.where,
            f"{spec.scales.kind} {spec.scales.name} is scaled by it",
            f"add `{lacking[0]}` to the trace; below `metrics` unless it is CPU or memory.",
        )
    while_loaded = load.lasts + 2 * settings.metric_resolution
    found = busy(spec, load.load, settings, promised.reaches, while_loaded)
    asked = demand(spec, load.load, settings, while_loaded)
    reach = derive_reach(spec, settings, promised.reaches, saturation(spec, settings, load.load))
    back = derive_back(spec, settings, spec.maximum, spec.minimum)
    until = load.lasts
    for each in (reach, back):
        if isinstance(each, Deadline):
            ends = found.ends if found and found.ends is not None else load.lasts
            until = max(until, min(ends + each.total, _LONGEST))
    until += 2 * settings.flags.sync_period
    return SimulatedLoad(
        load,
        simulate(spec, load.load, settings, until),
        _expectations(promised, spec, ends=found is not None and found.ends is not None),
        found,
        max(asked, default=0) if asked is not None else None,
        until,
        reach,
        back,
    )


def _expectations(promised: ScalingExpectation, spec: Spec, *, ends: bool) -> Expectations:
    """Return the expectations; scaling in only for a load that ends, or if explicit."""
    return Expectations(
        promised.reaches,
        _milliseconds(promised.within),
        _milliseconds(promised.back) if ends or promised.back != "auto" else None,
        spec.minimum,
        promised.flaps == "never",
        flap_window(spec),
    )


def flap_window(spec: Spec) -> int:
    """Return milliseconds: the longer of the window for scaling in and the controller's own."""
    stated = spec.behavior.down.window if spec.behavior else None
    return max(FLAP_WINDOW, stated or 0)


def _milliseconds(stated: float | Literal["auto"]) -> int | Literal["auto"]:
    return "auto" if stated == "auto" else round(stated * 1000)

"""How long scaling takes at worst, derived from the autoscaler and the cluster around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from toolkit.kubernetes.autoscaling.int64 import ceil32, quotient
from toolkit.kubernetes.autoscaling.normalization import Memory, normalize, remember_rescale
from toolkit.kubernetes.autoscaling.observation import ContainerRequests
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, Load
from toolkit.kubernetes.autoscaling.spec import Metric, Spec
from toolkit.kubernetes.autoscaling.trace import Trace


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Why a number of replicas is never set."""

    why: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a number of replicas is there at the latest, and what the time is made of."""

    parts: tuple[tuple[str, int], ...]
    """What, and its milliseconds."""
    least: int = 0
    """Milliseconds below which it never is, however lucky the moment of the metrics."""

    @property
    def total(self) -> int:
        """Milliseconds."""
        return sum(time for _, time in self.parts)

    def __str__(self) -> str:
        told = " + ".join(f"{seconds(time)} {what}" for what, time in self.parts)
        return f"{seconds(self.total)} = {told}"


def seconds(milliseconds: int) -> str:
    """As people write it.

    >>> seconds(80_000), seconds(2_500)
    ('80 s', '2.5 s')
    """
    return f"{milliseconds / 1000:g} s"


def derive_reach(
    spec: Spec, settings: ClusterSettings, goal: int, ratio: float | None = None
) -> Deadline | Unreachable:
    """When ``goal`` replicas serve after load begins that is enough for more.

    ``ratio`` is the highest that usage can be to the target, where pods cannot use more than a
    limit (see `saturation`). Each further step may need the pods of the one before, measured:
    until then they count as idle, and what is wanted for that is held by a window for going up.
    """
    if goal > spec.maximum:
        return Unreachable(f"maxReplicas is {spec.maximum}")
    tolerance = spec.tolerance(settings.flags)

    def propose(replicas: int) -> int:
        if ratio is None:
            return spec.maximum
        return replicas if tolerance.holds(ratio) else ceil32(ratio * replicas)

    climb = _climb(spec, settings, settings.replicas, goal, propose)
    if isinstance(climb, Unreachable):
        return climb
    rungs, syncs = climb
    start_up = settings.running_after + settings.ready_after
    parts = [_metrics(settings), _syncs(rungs, syncs, settings), ("start-up", start_up)]
    if len(rungs) > 2:
        parts.append(_again(spec, settings, len(rungs) - 2))
    return Deadline(tuple(parts), _after(syncs, settings) + start_up)


def _after(syncs: int, settings: ClusterSettings) -> int:
    """From the first of some syncs to the last."""
    return max(0, syncs - 1) * settings.flags.sync_period


def _again(spec: Spec, settings: ClusterSettings, times: int) -> tuple[str, int]:
    """What each further step waits for."""
    window = (spec.behavior.up.window or 0) if spec.behavior is not None else 0
    start_up = settings.running_after + settings.ready_after
    step = start_up + 2 * settings.metric_resolution + window
    what = "start-up, metrics and window" if window else "start-up and metrics"
    return f"of {what} again ({times} × {seconds(step)})", times * step


def derive_back(
    spec: Spec, settings: ClusterSettings, top: int, goal: int
) -> Deadline | Unreachable:
    """When the replicas are back at ``goal`` from ``top`` after load ends."""
    if goal < spec.minimum:
        return Unreachable(f"minReplicas is {spec.minimum}")
    window = settings.flags.downscale_stabilization
    if spec.behavior is not None and spec.behavior.down.window is not None:
        window = spec.behavior.down.window
    climb = _climb(spec, settings, top, goal, lambda _: goal)
    if isinstance(climb, Unreachable):
        return climb
    rungs, syncs = climb
    parts = (("stabilization window", window), _metrics(settings), _syncs(rungs, syncs, settings))
    # What holds is the last sync under load, which may be one period before its end.
    least = max(0, window - settings.flags.sync_period) + _after(syncs, settings)
    return Deadline(parts, least)


def saturation(spec: Spec, settings: ClusterSettings, load: Load) -> float | None:
    """The highest ratio of usage to target that a metric can have; None if nothing caps it."""
    ratios = [_highest(metric, settings, load.get(metric.name)) for metric in spec.metrics]
    known = [ratio for ratio in ratios if ratio is not None]
    return max(known) if known and len(known) == len(ratios) else None


def _highest(metric: Metric, settings: ClusterSettings, trace: Trace | None) -> float | None:
    if trace is None or trace.most is None or metric.source in ("Object", "External"):
        return None
    if metric.target.type != "Utilization":
        return trace.most / metric.target.number
    request = settings.template.request(metric.name, metric.container)
    if isinstance(request, ContainerRequests) or request == 0:
        return None
    return quotient(trace.most * 100, request) / metric.target.number


def _climb(
    spec: Spec, settings: ClusterSettings, start: int, goal: int, propose: Callable[[int], int]
) -> tuple[list[int], int] | Unreachable:
    """The numbers of replicas on the way, and how many syncs it takes."""
    memory, flags, replicas = Memory(), settings.flags, start
    if goal > start:
        # The last number before the load holds a window for going up.
        memory = Memory(((0, start),))
    rungs, syncs, idle = [start], 0, 0
    patience = _longest(spec, settings) // flags.sync_period + 2
    up = goal > start
    while replicas < goal if up else replicas > goal:
        syncs, idle = syncs + 1, idle + 1
        now = syncs * flags.sync_period
        decision, memory = normalize(spec, flags, memory, now, replicas, propose(replicas))
        if decision.replicas != replicas:
            memory = remember_rescale(memory, spec, now, replicas, decision.replicas)
            replicas, idle = decision.replicas, 0
            rungs.append(replicas)
        # After the longest window without a move nothing of the past can start one.
        elif idle > patience or decision.wanted == replicas:
            return Unreachable(_stuck(spec, replicas, up=up))
    return rungs, syncs


def _longest(spec: Spec, settings: ClusterSettings) -> int:
    """The longest of all windows and periods: after it nothing of the past matters."""
    longest = settings.flags.downscale_stabilization
    if spec.behavior is None:
        return longest
    both = (spec.behavior.up, spec.behavior.down)
    return max([longest, *(max(rules.window or 0, rules.longest_period) for rules in both)])


def _stuck(spec: Spec, replicas: int, *, up: bool) -> str:
    if spec.behavior is not None:
        rules = spec.behavior.up if up else spec.behavior.down
        if rules.select == "Disabled":
            return f"behavior.{'scaleUp' if up else 'scaleDown'} is disabled"
    return f"it stays at {replicas}: usage at its limit is within the tolerance of the target"


def _metrics(settings: ClusterSettings) -> tuple[str, int]:
    """A load shows in full once it was measured from end to end."""
    resolution = settings.metric_resolution
    return f"metrics (2 × {seconds(resolution)})", 2 * resolution


def _syncs(rungs: list[int], syncs: int, settings: ClusterSettings) -> tuple[str, int]:
    way = " → ".join(map(str, rungs))
    return (
        f"for {syncs} sync{'s' if syncs != 1 else ''} ({way})",
        syncs * settings.flags.sync_period,
    )

"""Worst-case duration of scaling, derived from the autoscaler and the cluster."""

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
    """The reason why a number of replicas is never reached."""

    why: str
    fix: str = ""
    """The remedy, if it is not in ``behavior``."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The latest time of a number of replicas, and its composition."""

    parts: tuple[tuple[str, int], ...]
    """The name and the milliseconds of each part."""
    least: int = 0
    """The earliest time in milliseconds, for the best moment of the metrics."""

    @property
    def total(self) -> int:
        """Milliseconds."""
        return sum(time for _, time in self.parts)

    def __str__(self) -> str:
        parts = " + ".join(f"{seconds(time)} {what}" for what, time in self.parts)
        return f"{seconds(self.total)} = {parts}"


def seconds(milliseconds: int) -> str:
    """Return seconds for messages.

    >>> seconds(80_000), seconds(2_500)
    ('80 s', '2.5 s')
    """
    return f"{milliseconds / 1000:g} s"


def derive_reach(
    spec: Spec, settings: ClusterSettings, goal: int, ratio: float | None = None
) -> Deadline | Unreachable:
    """Return the latest time at which ``goal`` replicas serve, after the start of sufficient load.

    Each further step may need measurements of the pods of the previous one: until then they
    count as idle, and a window for scaling out holds the proposal.

    Args:
        spec: The autoscaler.
        settings: The cluster.
        goal: Number of replicas.
        ratio: Maximum ratio of usage to target, if pods have a limit (see `saturation`).
    """
    if goal > spec.maximum:
        return Unreachable(f"maxReplicas is {spec.maximum}")
    tolerance = spec.tolerance(settings.flags)
    if ratio is not None and ratio <= tolerance.highest and goal > settings.replicas:
        side = "within the tolerance of" if tolerance.holds(ratio) else "below"
        return Unreachable(
            f"it stays at {settings.replicas} for ever: usage at its limit is {side} the target",
            "raise the limit, or lower the target.",
        )

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
    """Return the milliseconds from the first of some syncs to the last."""
    return max(0, syncs - 1) * settings.flags.sync_period


def _again(spec: Spec, settings: ClusterSettings, times: int) -> tuple[str, int]:
    """Return the name and the duration of the wait of each further step."""
    window = (spec.behavior.up.window or 0) if spec.behavior is not None else 0
    start_up = settings.running_after + settings.ready_after
    step = start_up + 2 * settings.metric_resolution + window
    what = "start-up, metrics and window" if window else "start-up and metrics"
    return f"of {what} again ({times} × {seconds(step)})", times * step


def derive_back(
    spec: Spec, settings: ClusterSettings, top: int, goal: int
) -> Deadline | Unreachable:
    """Return the latest time at which the replicas are down to ``goal``, after the load ends.

    Args:
        spec: The autoscaler.
        settings: The cluster.
        top: The replicas under load.
        goal: Number of replicas.
    """
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
    # The last sync under load may be one period before its end.
    least = max(0, window - settings.flags.sync_period) + _after(syncs, settings)
    return Deadline(parts, least)


def saturation(spec: Spec, settings: ClusterSettings, load: Load) -> float | None:
    """Return the maximum ratio of usage to target of any metric; None if nothing limits it.

    Args:
        spec: The autoscaler.
        settings: The cluster.
        load: The traces of the metrics, whose `Trace.most` is the limit of a pod.
    """
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
    """Return the intermediate numbers of replicas, and the number of syncs."""
    memory, flags, replicas = Memory(), settings.flags, start
    if goal > start:
        # The number before the load is in the window for scaling out.
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
        # After the longest window without a change the past has no effect.
        elif idle > patience or decision.wanted == replicas:
            return Unreachable(_stuck(spec, replicas, up=up))
    return rungs, syncs


def _longest(spec: Spec, settings: ClusterSettings) -> int:
    """Return the longest of all windows and periods."""
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
    return f"it stays at {replicas} for ever: usage at its limit asks for no more"


def _metrics(settings: ClusterSettings) -> tuple[str, int]:
    """Return the time until a load is measured in full."""
    resolution = settings.metric_resolution
    return f"metrics (2 × {seconds(resolution)})", 2 * resolution


def _syncs(rungs: list[int], syncs: int, settings: ClusterSettings) -> tuple[str, int]:
    way = " → ".join(map(str, rungs))
    return (
        f"for {syncs} sync{'s' if syncs != 1 else ''} ({way})",
        syncs * settings.flags.sync_period,
    )

"""What a HorizontalPodAutoscaler asks for, with all defaults filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from toolkit.kubernetes.autoscaling.flags import Flags, Tolerance

Source = Literal["Resource", "ContainerResource", "Pods", "Object", "External"]
TargetType = Literal["Utilization", "AverageValue", "Value"]
Select = Literal["Max", "Min", "Disabled"]


@dataclass(frozen=True, slots=True)
class Reference:
    """The object that is scaled, or that a metric describes."""

    kind: str
    name: str
    api_version: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric is held to: per cent of the requests, or thousandths of its unit."""

    type: TargetType
    number: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of ``metrics``."""

    source: Source
    name: str
    target: Target
    container: str = ""
    """Of a ContainerResource."""
    described: Reference | None = None
    """Of an Object."""
    selector: str = "nil"
    """Of Pods, Object or External, as the controller prints it."""

    @property
    def cpu(self) -> bool:
        """Whether the readiness of pods matters to it."""
        return self.name == "cpu" and self.source in ("Resource", "ContainerResource")


@dataclass(frozen=True, slots=True)
class Policy:
    """How many pods, or per cent of them, may come or go within a period (milliseconds)."""

    type: Literal["Pods", "Percent"]
    value: int
    period: int


@dataclass(frozen=True, slots=True)
class Rules:
    """One direction of ``behavior``."""

    policies: tuple[Policy, ...]
    window: int | None = None
    """The stabilization window in milliseconds; None is the controller's flag."""
    select: Select = "Max"
    tolerance: float | None = None

    @property
    def longest_period(self) -> int:
        """The longest period of its policies, in milliseconds."""
        return max((policy.period for policy in self.policies), default=0)


@dataclass(frozen=True, slots=True)
class Behavior:
    """The section ``behavior``."""

    up: Rules
    down: Rules


@dataclass(frozen=True, slots=True)
class Spec:
    """The ``spec`` of a HorizontalPodAutoscaler of `autoscaling/v2`."""

    scales: Reference
    maximum: int
    metrics: tuple[Metric, ...]
    minimum: int = 1
    behavior: Behavior | None = None

    def tolerance(self, flags: Flags) -> Tolerance:
        """What counts as no change: the flag's, or the directions' own if the gate is open."""
        down = up = flags.tolerance
        if self.behavior is not None and flags.configurable_tolerance:
            own_down, own_up = self.behavior.down.tolerance, self.behavior.up.tolerance
            down = down if own_down is None else own_down
            up = up if own_up is None else own_up
        return Tolerance.around(down, up)

"""The spec of a HorizontalPodAutoscaler, with all defaults, and the controller's flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Flags:
    """The controller's flags, with the defaults of Kubernetes 1.34; times in milliseconds."""

    sync_period: int = 15_000
    downscale_stabilization: int = 300_000
    tolerance: float = 0.1
    cpu_initialization_period: int = 300_000
    initial_readiness_delay: int = 30_000
    configurable_tolerance: bool = False
    """Feature gate HPAConfigurableTolerance: off by default up to 1.34, on from 1.35."""
    scale_to_zero: bool = False
    """Feature gate HPAScaleToZero; only the API server uses it."""


class Tolerance(NamedTuple):
    """The ratios of usage to target that change nothing, both ends included."""

    lowest: float
    highest: float

    @classmethod
    def around(cls, down: float, up: float) -> Tolerance:
        """Return the tolerance for deviations below and above 1.

        >>> Tolerance.around(0.1, 0.1)
        Tolerance(lowest=0.9, highest=1.1)
        """
        return cls(1.0 - down, 1.0 + up)

    def holds(self, ratio: float) -> bool:
        """Return True if the ratio changes nothing."""
        return self.lowest <= ratio <= self.highest


Source = Literal["Resource", "ContainerResource", "Pods", "Object", "External"]
TargetType = Literal["Utilization", "AverageValue", "Value"]
Select = Literal["Max", "Min", "Disabled"]


@dataclass(frozen=True, slots=True)
class CrossVersionReference:
    """The object that is scaled, or that a metric describes."""

    kind: str
    name: str
    api_version: str = ""


@dataclass(frozen=True, slots=True)
class MetricTarget:
    """The target of a metric: per cent of the requests, or thousandths of its unit."""

    type: TargetType
    number: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One entry of ``metrics``."""

    source: Source
    name: str
    target: MetricTarget
    container: str = ""
    """Of a ContainerResource."""
    described: CrossVersionReference | None = None
    """Of an Object."""
    selector: str = "nil"
    """Of Pods, Object or External, as the controller prints it."""

    @property
    def cpu(self) -> bool:
        """True if the readiness of pods matters."""
        return self.name == "cpu" and self.source in ("Resource", "ContainerResource")


@dataclass(frozen=True, slots=True)
class Policy:
    """Number of pods, or per cent of them, to be added or removed in a period (milliseconds)."""

    type: Literal["Pods", "Percent"]
    value: int
    period: int


@dataclass(frozen=True, slots=True)
class ScalingRules:
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

    up: ScalingRules
    down: ScalingRules


@dataclass(frozen=True, slots=True)
class Spec:
    """The ``spec`` of a HorizontalPodAutoscaler of `autoscaling/v2`."""

    scales: CrossVersionReference
    maximum: int
    metrics: tuple[Metric, ...]
    minimum: int = 1
    behavior: Behavior | None = None

    def tolerance(self, flags: Flags) -> Tolerance:
        """Return the tolerance: that of the flag, or of each direction if the gate is open."""
        down = up = flags.tolerance
        if self.behavior is not None and flags.configurable_tolerance:
            own_down, own_up = self.behavior.down.tolerance, self.behavior.up.tolerance
            down = down if own_down is None else own_down
            up = up if own_up is None else own_up
        return Tolerance.around(down, up)

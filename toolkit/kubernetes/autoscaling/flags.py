"""What the controller's command line sets, and the tolerance that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Flags:
    """The controller's settings, with the defaults of Kubernetes 1.34; times in milliseconds."""

    sync_period: int = 15_000
    downscale_stabilization: int = 300_000
    tolerance: float = 0.1
    cpu_initialization_period: int = 300_000
    initial_readiness_delay: int = 30_000
    configurable_tolerance: bool = False
    """Feature gate HPAConfigurableTolerance: off by default up to 1.34, on from 1.35."""
    scale_to_zero: bool = False
    """Feature gate HPAScaleToZero; only the API server looks at it."""


class Tolerance(NamedTuple):
    """The ratios of usage to target that count as no change, both ends included."""

    lowest: float
    highest: float

    @classmethod
    def around(cls, down: float, up: float) -> Tolerance:
        """From what a ratio may lie below and above 1.

        >>> Tolerance.around(0.1, 0.1)
        Tolerance(lowest=0.9, highest=1.1)
        """
        return cls(1.0 - down, 1.0 + up)

    def holds(self, ratio: float) -> bool:
        """Whether the ratio is near enough to 1 to change nothing."""
        return self.lowest <= ratio <= self.highest

"""Stabilization windows that only ever move on, the extremes of what was proposed at hand.

`toolkit.kubernetes.autoscaling.stabilization` looks through all that the controller remembers,
place by place. Where neither the autoscaler nor the flags change, the highest and the lowest
proposal of a window are all that matters of it, and these are kept here.
"""

from __future__ import annotations

from collections import deque

from toolkit.kubernetes.autoscaling.flags import Flags
from toolkit.kubernetes.autoscaling.spec import Spec


class Windows:
    """The past of one autoscaler; times in milliseconds, ascending."""

    def __init__(self, spec: Spec, flags: Flags) -> None:
        self._behavior = behavior = spec.behavior
        # Without `behavior` the edge of the window belongs to it; with it, it does not.
        length, up = flags.downscale_stabilization + 1, 0
        if behavior is not None:
            down, up = behavior.down.window, behavior.up.window or 0
            length = flags.downscale_stabilization if down is None else down
        self._down = _Highest(length)
        self._up = _Highest(up) if up else None

    def remember(self, now: int, replicas: int) -> None:
        """Store a recommendation as it is: the first one."""
        self._down.pass_by(now, replicas)
        if self._up is not None:
            self._up.pass_by(now, -replicas)

    def stabilize(self, now: int, current: int, proposed: int) -> tuple[int, str]:
        """A proposal after the windows, and the reason of AbleToScale; it is stored raw."""
        highest = self._down.pass_by(now, proposed)
        if self._behavior is None:
            return highest, "ReadyForNewScale" if highest == proposed else "ScaleDownStabilized"
        # The lowest is the highest of what is turned round.
        lowest = proposed if self._up is None else -self._up.pass_by(now, -proposed)
        replicas = current if current > lowest else lowest
        replicas = replicas if replicas < highest else highest
        if replicas == proposed:
            return replicas, "ReadyForNewScale"
        return replicas, "ScaleUpStabilized" if proposed >= current else "ScaleDownStabilized"


class _Highest:
    """The values of the last while, without those that a later one as high has outlived."""

    __slots__ = ("_kept", "_length")

    def __init__(self, length: int) -> None:
        self._length = length
        self._kept: deque[tuple[int, int]] = deque()

    def pass_by(self, now: int, value: int) -> int:
        """Store a value, and return the highest of it and those within the window."""
        kept = self._kept
        while kept and kept[-1][1] <= value:
            kept.pop()
        kept.append((now, value))
        edge = now - self._length
        while kept[0][0] <= edge and len(kept) > 1:
            kept.popleft()
        return kept[0][1]

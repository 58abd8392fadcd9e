"""Quiet, all at once, quiet again: an autoscaler should not flap.

``locust -f loadtests/locustfile.py,loadtests/shapes/spike.py --headless -H URL``
"""

from __future__ import annotations

from typing import ClassVar

from loadtests.shapes.stages import Stages


class Spike(Stages):
    """A minute and a half of load between two lulls."""

    stages: ClassVar[tuple[tuple[float, int], ...]] = ((30, 2), (120, 40), (420, 2))

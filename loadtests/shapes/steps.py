"""Up by steps of two periods of the autoscaler each, then away.

``locust -f loadtests/locustfile.py,loadtests/shapes/steps.py --headless -H URL``
"""

from __future__ import annotations

from typing import ClassVar

from loadtests.shapes.stages import Stages


class Steps(Stages):
    """Twice the users with each step."""

    stages: ClassVar[tuple[tuple[float, int], ...]] = (
        (30, 4),
        (60, 8),
        (90, 16),
        (180, 32),
        (200, 1),
    )

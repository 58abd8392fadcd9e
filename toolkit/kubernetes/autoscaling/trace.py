"""A load over time, measured or hypothetical."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise


@dataclass(frozen=True)
class Busy:
    """The time with more load than at rest, in milliseconds."""

    begins: int
    ends: int | None
    """None if the trace ends under load."""


@dataclass(frozen=True)
class Trace:
    """A step function of time, in thousandths.

    ``shared`` is the total of all pods, which the ready ones share; else each
    pod has the value. A pod has no more than ``most``, such as its CPU limit.
    """

    times: tuple[int, ...]
    """Milliseconds, ascending."""
    values: tuple[int, ...]
    shared: bool = True
    most: int | None = None

    def __post_init__(self) -> None:
        if not self.times or len(self.times) != len(self.values):
            raise ValueError("a trace needs as many times as values, and at least one")

    @cached_property
    def _sums(self) -> tuple[int, ...]:
        """Cumulative sums, so that the mean of any interval costs two look-ups."""
        lengths = (later - earlier for earlier, later in pairwise(self.times))
        areas = (value * length for value, length in zip(self.values, lengths, strict=False))
        return tuple(accumulate(areas, initial=0))

    @classmethod
    def of(
        cls,
        points: Iterable[tuple[float, float]],
        *,
        shared: bool = True,
        most: int | None = None,
    ) -> Trace:
        """Return the trace of pairs of seconds and thousandths.

        >>> Trace.of([(0, 100), (60, 900)]).at(61_000)
        900

        Args:
            points: Seconds, and the value from then on.
            shared: True if it is the total of all pods.
            most: Maximum of one pod.
        """
        pairs = [(round(time * 1000), round(value)) for time, value in points]
        times, values = zip(*pairs, strict=True) if pairs else ((), ())
        return cls(times, values, shared, most)

    def at(self, time: int) -> int:
        """Return the value at a time; before the first point it is the first value."""
        return self.values[bisect_right(self.times, time, 1) - 1]

    def mean(self, since: int, until: int) -> int:
        """Return the mean value between two times, truncated to whole thousandths."""
        if until <= since:
            return self.at(until)
        return (self.area(until) - self.area(since)) // (until - since)

    def area(self, time: int) -> int:
        """Return the sum of the value over all milliseconds from the first point on."""
        place = bisect_right(self.times, time, 1) - 1
        return self._sums[place] + self.values[place] * (time - self.times[place])

    def means(self, interval: int, until: int) -> Sequence[int]:
        """Return the means of the intervals that end at 0, ``interval``, …, up to ``until``.

        Equal to `mean` for each of them, and many times faster.
        """
        times, values, sums = self.times, self.values, self._sums
        areas = [
            sums[place] + values[place] * (time - times[place])
            for time in range(-interval, until + 1, interval)
            for place in (bisect_right(times, time, 1) - 1,)
        ]
        return [(after - before) // interval for before, after in pairwise(areas)]

    def per_pod(self, value: int, serving: int) -> int:
        """Return the share of one pod when ``serving`` pods share a value."""
        own = value
        if self.shared:
            own = value // serving if serving else 0
        return own if self.most is None or own < self.most else self.most

    @property
    def busy(self) -> Busy | None:
        """From the first value above the lowest to the last; None if all are equal."""
        rest = min(self.values)
        above = [place for place, value in enumerate(self.values) if value > rest]
        if not above:
            return None
        after = above[-1] + 1
        ends = self.times[after] if after < len(self.times) else None
        return Busy(self.times[above[0]], ends)


def sampled(
    samples: Sequence[tuple[float, float]], *, most: int | None = None, shared: bool = True
) -> Trace:
    """Return the trace of CPU samples of a load test.

    A sample covers the time since the previous one.

    Args:
        samples: Seconds, and cores of all replicas together.
        most: Maximum of one pod, in thousandths.
        shared: True if it is the total of all pods.
    """
    ends = [time for time, _ in samples]
    starts = [0.0, *ends[:-1]]
    cores = [value for _, value in samples]
    return Trace.of(
        ((start, value * 1000) for start, value in zip(starts, cores, strict=True)),
        shared=shared,
        most=most,
    )

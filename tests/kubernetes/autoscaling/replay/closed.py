"""A live run simulated from its load alone, to be compared by the way its replicas took."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median
from typing import Any

from tests.kubernetes.autoscaling.replay import milliseconds
from tests.kubernetes.autoscaling.replay.controller import read_flags
from tests.kubernetes.autoscaling.replay.live import Entry, Live, read_template
from toolkit.kubernetes.autoscaling.decoding import decode_spec
from toolkit.kubernetes.autoscaling.simulation import ClusterSettings, Load, simulate
from toolkit.kubernetes.autoscaling.trace import Trace

NAMES = {"memory_mib": "memory", "external": "queue"}
MEBIBYTE = 2**20 * 1000


def simulates(live: Live) -> bool:
    """Whether nobody edited anything, and every metric had a value all the time."""
    traces = live.record["load"]["traces"].values()
    values = [value for trace in traces for _, value in trace]
    return not live.record["edits"] and None not in values


def recorded_way(live: Live) -> list[int]:
    """The numbers of replicas that there were, one after the other."""
    return [spec for spec, _ in groupby(entry.spec for entry in live.timeline)]


def simulated_way(live: Live) -> list[int]:
    """The numbers of replicas that the simulator makes of the load.

    In the cluster each pod took a random time to start; here all take the median of these.
    """
    record, syncs = live.record, live.syncs
    period = round((syncs[-1].at - syncs[0].at) / (len(syncs) - 1))
    settings = ClusterSettings(
        replace(read_flags(record["flags"]), sync_period=period),
        read_template(record),
        record["initial_replicas"],
        metric_resolution=0,
        running_after=_start_up(live),
        first_sync=syncs[0].at,
    )
    spec = decode_spec(record["spec_stored"])
    timeline = simulate(spec, _load(record), settings, milliseconds(record["duration_s"]))
    return [desired for desired, _ in groupby(point.desired for point in timeline.points)]


def _start_up(live: Live) -> int:
    """The median time from a rise of the replicas until as many were ready."""
    timeline = live.timeline
    rises = [after for before, after in pairwise(timeline) if after.spec > before.spec]
    took = [
        next((each.at - rise.at for each in timeline if _met(each, rise)), None) for rise in rises
    ]
    known = [time for time in took if time is not None]
    return int(median(known)) if known else 0


def _met(entry: Entry, rise: Entry) -> bool:
    return entry.at > rise.at and entry.ready >= rise.spec


def _load(record: dict[str, Any]) -> Load:
    stated = record["load"]
    return {
        NAMES.get(name, name): Trace.of(
            [
                (time, value * MEBIBYTE if name == "memory_mib" else value)
                for time, value in points
            ],
            shared=stated["mode"] == "total" and name not in NAMES,
            most=stated.get("cap_per_pod_milli") if name == "cpu" else None,
        )
        for name, points in stated["traces"].items()
    }

"""Recorded runs of `toolkit scale`: ``--timeline run.json``, or ``--record run.jsonl``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit.errors import InputError
from toolkit.evidence.autoscaling.autoscalers import Scalable
from toolkit.evidence.autoscaling.loads.load import LoadTrace, refused
from toolkit.findings import Location
from toolkit.kubernetes.autoscaling.observation import ContainerRequests
from toolkit.kubernetes.autoscaling.trace import sampled
from toolkit.languages.positioned_json import read_json


def read_run(source: str, text: str, scaled: Scalable) -> LoadTrace:
    """Parse the CPU usage of all replicas, sync by sync, in seconds of the cluster.

    Args:
        source: The file name.
        text: Its content.
        scaled: The autoscaler that it is for.
    """
    where = Location(source)
    try:
        run = _run(text)
        speed, moments = float(run["speed"]), run["moments"]
        samples = [(each["at"] * speed, _cores(each, run, scaled)) for each in moments]
    except (InputError, ValueError, KeyError, TypeError) as error:
        raise refused(
            f"{source} is not a run of `toolkit scale`",
            where,
            "a run has moments, each with its time and its usage",
            "record a run with `toolkit scale --timeline run.json`.",
        ) from error
    if not samples:
        raise refused(f"{source} is a run without any sync", where)
    load = {"cpu": sampled(samples, most=scaled.limit)}
    return LoadTrace(where, load, round(samples[-1][0] * 1000))


def _run(text: str) -> Mapping[str, Any]:
    """Return the run itself, or the last one of a recording."""
    try:
        found = read_json(text, "")
    except InputError:
        lines = [read_json(line, "") for line in text.splitlines() if line.strip()]
        runs = [each["evidence"] for each in lines if each["system"] == "scaling"]
        found = runs[-1] if runs else {}
    if "evidence" in found:
        found = found["evidence"]
    return dict(found)


def _cores(moment: Mapping[str, Any], run: Mapping[str, Any], scaled: Scalable) -> float:
    """Return the cores of all replicas; from their mean usage if it was not recorded."""
    if moment.get("cpu") is not None:
        return float(moment["cpu"]) / 1000
    usage = moment["usage"] or 0
    if run["unit"] != "%":
        return float(usage * moment["ready"]) / 1000
    request = scaled.template.request("cpu", scaled.metric.container)
    if isinstance(request, ContainerRequests):
        return 0.0
    return float(usage * request * moment["ready"]) / 100_000

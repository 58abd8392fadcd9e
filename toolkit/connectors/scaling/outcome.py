"""Common parts of all runs of load: the locustfile, the deadline, the responses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from toolkit.connectors.files import FileSystem
from toolkit.connectors.scaling.worker import Answered
from toolkit.errors import InputError, Unavailable
from toolkit.evidence.autoscaling.scaling import EndpointLoad, Scaled, percentile
from toolkit.evidence.files import Files
from toolkit.evidence.kubernetes.manifests import Manifests, ManifestsIn
from toolkit.findings import Finding, Location
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import QueryFailure

_LONGEST = 600.0
"""Seconds of the cluster that are waited where the autoscaler never comes back by itself."""
_SLACK = 5.0
"""Seconds of this machine for what is not the autoscaler's: processes that end, a busy CPU."""


def locustfile_of(expected: ScalingExpectation, folder: Path) -> Path:
    """Return the path of the locustfile; raise `InputError` if it is missing."""
    found = folder / expected.locustfile
    if not found.is_file():
        raise InputError.of(
            what=f"there is no locustfile at `{expected.locustfile}`",
            where=expected.declared,
            why="it defines what the users do; paths start at the contract's folder",
            fix="write one, or correct `scaling.locustfile`.",
        )
    return found


def declared(kubernetes: KubernetesExpectation, folder: Path) -> Manifests:
    """Return the manifests of the contract; raise `ToolkitError` if they cannot be read."""
    wanted = Files(kubernetes.manifests, kubernetes.declared, "manifests")
    files = FileSystem(folder).answer([wanted])[wanted]
    if isinstance(files, QueryFailure):
        raise Unavailable(*files.findings)
    read = ManifestsIn(wanted, kubernetes.namespace, kubernetes.injected)
    return read.derive(files).evidence


def deadline(expected: ScalingExpectation, needed: float) -> float:
    """Return the seconds of this machine until the minimum must be reached again."""
    seconds = min(needed, _LONGEST) if expected.back == "auto" else expected.back
    return seconds / expected.speed + _SLACK


def endpoints(answered: Sequence[Answered]) -> Iterator[EndpointLoad]:
    """Yield the responses by endpoint."""
    for name in sorted({each.endpoint for each in answered}):
        own = [each for each in answered if each.endpoint == name]
        yield EndpointLoad(
            name,
            len(own),
            sum(bool(each.error) for each in own),
            percentile([each.seconds for each in own], 0.95),
            next((each.error for each in own if each.error), ""),
        )


def with_requests(seen: Scaled, expected: ScalingExpectation) -> Scaled:
    """Return a run; raises `Unavailable` if its users sent no requests."""
    if not seen.requests:
        raise Unavailable.of(
            what="no requests: the users sent none",
            where=expected.declared,
            why=f"`{expected.locustfile}` was run, and without requests nothing is scaled or "
            "proved",
            fix="give its users tasks that send requests to the host they are given.",
        )
    return seen


def interrupted() -> Finding:
    """Return the finding of a run that was interrupted."""
    return Finding(
        what="the run was broken off",
        where=Location("toolkit scale"),
        why="what was seen until then proves nothing",
        fix="run it again.",
    )

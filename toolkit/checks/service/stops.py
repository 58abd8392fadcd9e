"""A service does not end when it is asked to."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.findings import Finding, Location
from toolkit.model.expectations.service import ServiceExpectation


@check(expects=ServiceExpectation, queries=lambda expected, scope: ServiceRun(expected))
def stops(expected: ServiceExpectation, observed: Traffic) -> Iterator[Finding]:
    """The service ends by itself when it gets SIGTERM.

    ## Why it matters
    Kubernetes sends SIGTERM to each pod it takes away, and kills what is left after the
    grace period: requests in flight and log lines not yet written are lost, at every
    deployment and every time the autoscaler scales in.

    ## How to fix it
    Handle SIGTERM: stop accepting, finish what is in flight, flush the log, exit. In a
    container let the service be process 1, or use `exec` in the start script.

    ## Reference
    https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
    """
    if observed.exit_code is None:
        yield Finding(
            what=f"the service had not ended {expected.stop_within:g} s after SIGTERM",
            where=Location("service:SIGTERM"),
            why=f"{expected.declared} gives it {expected.stop_within:g} s",
            fix="handle SIGTERM: stop accepting, finish what is in flight, then exit.",
        )

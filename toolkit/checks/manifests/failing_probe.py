"""A probe asks for a path that the service does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.evidence.kubernetes.probes import HttpProbe, ProbedService, probed_service
from toolkit.findings import Finding, Unproven
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_FAILS = 400
"""The first status by which a probe fails."""


@check(expects=KubernetesExpectation, queries=probed_service)
def failing_probe(
    expected: KubernetesExpectation, observed: ProbedService
) -> Iterator[Finding | Unproven]:
    """Every probe of the service's image asks for a path that the service answers.

    The service is the one that the contract starts, its image one that the repository builds.

    ## Why it matters
    A probe that is answered by 404 fails like one without an answer: the pod never becomes
    ready, or is started anew without end, and the rollout stops.

    ## How to fix it
    Correct the path of the probe. A path that the contract does not ask for yet can be added
    to `service: requests:`.

    ## Reference
    https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
    """
    for probe in observed.probes:
        if probe.path not in observed.statuses:
            yield _not_asked(probe)
        elif (observed.statuses[probe.path] or _FAILS) >= _FAILS:
            yield _fails(probe, observed)


def _fails(probe: HttpProbe, observed: ProbedService) -> Finding:
    answered = [path for path, status in observed.statuses.items() if (status or _FAILS) < _FAILS]
    near = get_close_matches(probe.path, answered, n=1)
    status = observed.statuses[probe.path] or "nothing"
    return Finding(
        what=f"`{probe.kind}` of {probe.container.workload} asks for `{probe.path}`, and the "
        f"service answers {status}",
        where=probe.where,
        why="a probe succeeds with a status from 200 to 399",
        fix=f"did you mean `{near[0]}`?" if near else "name a path that the service answers.",
    )


def _not_asked(probe: HttpProbe) -> Unproven:
    return Unproven.of(
        what=f"`{probe.kind}` of {probe.container.workload} asks for `{probe.path}`, and the "
        "contract does not",
        where=probe.where,
        why="only of a path that was asked for it is known that the service answers it",
        fix=f"add to the contract: `service: {{requests: [{{get: {probe.path}}}]}}`.",
    )

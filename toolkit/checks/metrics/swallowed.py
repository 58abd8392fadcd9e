"""A prefix of external metrics takes in the service's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from toolkit.checks import check
from toolkit.evidence.metrics.expositions import exported_names
from toolkit.findings import Finding
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.prometheus.origins import SETS

_LIBRARIES = ("go_", "jvm_", "nodejs_", "process_", "promhttp_", "python_")
"""Prefixes of client libraries, whose metrics every program has."""


@check(expects=MetricsExpectation, queries=exported_names)
def swallowed(expected: MetricsExpectation, observed: Sequence[str]) -> Iterator[Finding]:
    """No metric of the service begins with a prefix of external metrics.

    ## Why it matters
    Names behind `external:` are not compared with what the service exports. A prefix that is
    too short takes in the service's own metrics: a misspelt one passes as somebody else's.

    ## How to fix it
    Write the whole prefix of the other program, up to an underscore, or the name of a known
    set such as `kube-prometheus-stack`.

    ## Reference
    https://prometheus.io/docs/practices/naming/
    """
    for prefix in expected.external:
        own = [name for name in observed if name.startswith(prefix)]
        if own and prefix not in (*SETS, *_LIBRARIES):
            yield Finding(
                what=f"`external: {prefix}` takes in the service's own `{own[0]}`",
                where=expected.declared,
                why="what begins like that is not compared with what the service exports",
                fix=f"write the whole prefix of the other program in place of `{prefix}`.",
            )

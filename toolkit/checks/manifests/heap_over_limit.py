"""A heap that its container's memory limit cannot hold."""

from __future__ import annotations

import math
from collections.abc import Iterator

from toolkit.checks import check
from toolkit.checks._manifests import counted
from toolkit.evidence.kubernetes.heaps import Heap, heaps, settings
from toolkit.evidence.kubernetes.manifests import Manifests, manifests
from toolkit.findings import Finding, Mark, Severity
from toolkit.kubernetes.quantities import mebibytes
from toolkit.kubernetes.workloads import KINDS
from toolkit.model.expectations.kubernetes import KubernetesExpectation

_LEAST = 64.0
"""MiB that any of these programs needs beside its heap."""


@check(
    expects=KubernetesExpectation,
    queries=lambda expected, scope: counted(manifests(expected, scope), "heaps", heaps, *KINDS),
)
def heap_over_limit(expected: KubernetesExpectation, observed: Manifests) -> Iterator[Finding]:
    """Every container's memory limit holds the heap of Java or Node.js and what they need besides.

    A setting that another one hides is judged too: it counts as soon as the other is removed.

    ## Why it matters
    Java uses memory outside its heap: threads, buffers, code, and in Elasticsearch as much
    again for the file cache. With the heap at the limit the kernel kills the process, and
    the pod restarts for ever with `OOMKilled`.

    ## How to fix it
    Lower `-Xmx`, `MaxRAMPercentage` or `--max-old-space-size`, or raise the limit.
    Elasticsearch wants about 1.5 times its heap and 350 MiB, Logstash its heap and 400 MiB.

    ## Reference
    https://www.elastic.co/guide/en/elasticsearch/reference/current/advanced-configuration.html#set-jvm-heap-size
    """
    for heap in settings(observed):
        limit = heap.container.limit("memory")
        if limit is not None:
            yield from _judged(heap, mebibytes(limit))


def _judged(heap: Heap, limit: float) -> Iterator[Finding]:
    if limit >= heap.needed:
        return
    container = heap.container
    bound = container.locate("resources", "limits", "memory")
    yield Finding(
        what=f"`{container.name}` of {container.workload} {'sets' if heap.hidden_by else 'has'} "
        f"a heap of {heap.mebibytes:.0f} MiB in a limit of {limit:.0f} MiB",
        where=heap.where,
        why=f"{heap.program} needs about {heap.needed:.0f} MiB in all ({heap.formula}); "
        f"the heap comes from {heap.option}{f'; {heap.hidden_by}' if heap.hidden_by else ''}",
        fix=_fix(heap),
        marks=() if bound == heap.where else (Mark("limit", bound),),
        severity=Severity.ERROR if limit <= heap.mebibytes + _LEAST else Severity.WARNING,
    )


def _fix(heap: Heap) -> str:
    if heap.hidden_by:
        return "remove the setting; one place for the heap is enough."
    if heap.share:
        return "lower the share; 50 to 75 % leaves room."
    return f"raise the limit to {math.ceil(heap.needed)}Mi, or lower the heap."

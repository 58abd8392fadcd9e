"""Kibana is not available."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.checks import check
from toolkit.evidence.kibana.status import KibanaStatus, kibana_status
from toolkit.findings import Finding, Location, Severity
from toolkit.model.expectations.kibana import KibanaExpectation


@check(expects=KibanaExpectation, queries=lambda expected, scope: kibana_status(scope))
def unavailable(expected: KibanaExpectation, observed: KibanaStatus) -> Iterator[Finding]:
    """Kibana reports that it is available.

    ## Why it matters
    A Kibana that lost its Elasticsearch, or a part of itself, shows old pages, empty panels or
    none. Its own status names the part. A part that is only degraded is a warning.

    ## How to fix it
    Look after the part that is named, in Kibana's log; mostly it is Elasticsearch.

    ## Reference
    https://www.elastic.co/docs/api/doc/kibana/operation/operation-get-status
    """
    if observed.level == "available":
        return
    named = f"{observed.asked} ({observed.version})" if observed.version else observed.asked
    services = [f"`{each.name}` is {each.level}" for each in observed.services[:3]]
    summary = next((each.summary for each in observed.services if each.summary), observed.summary)
    yield Finding(
        what=f"{named} reports that it is `{observed.level}`, not `available`",
        where=Location(f"{observed.asked}".replace("Kibana at ", "kibana:")),
        why=": ".join(filter(None, [", ".join(services), summary])) or "it gives no details",
        fix=f"look for `{observed.services[0].name}` in Kibana's log."
        if observed.services
        else "look into Kibana's log.",
        severity=Severity.WARNING if observed.level == "degraded" else None,
    )

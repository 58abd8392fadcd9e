"""The status of Kibana, for `toolkit doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from toolkit.checks import checks_for
from toolkit.connectors.kibana import KibanaAccess, LiveKibana
from toolkit.evidence.kibana.kibana_queries import StatusQuery
from toolkit.evidence.kibana.status import KibanaStatusIn
from toolkit.model.contract import Scope
from toolkit.model.queries import QueryFailure
from toolkit.verification import plan


def kibana_status(scope: Scope) -> Iterator[tuple[bool, str, tuple[str, ...]]]:
    """Ask the Kibana of the contract or the environment, if one is configured.

    Yields:
        Whether it answers, its status in words, and the checks that are unproven without it.
    """
    targets = scope.contract.targets
    found = KibanaAccess.named(None, targets.kibana if targets else None, Path(scope.folder))
    if found is None:
        return
    (answer,) = LiveKibana(replace(found, patience=0)).answer([StatusQuery()]).values()
    if isinstance(answer, QueryFailure):
        unproven = tuple(dict.fromkeys(_needing(scope)))
        yield False, answer.findings[0].what, unproven
    else:
        status = KibanaStatusIn(StatusQuery()).derive(answer).evidence
        version = f", {status.version}" if status.version else ""
        yield True, f"{found.shown} is {status.level}{version}", ()


def _needing(scope: Scope) -> Iterator[str]:
    """Yield the checks that read Kibana."""
    for step in plan(replace(scope, live=frozenset({"kibana"})), checks_for(scope.contract)):
        if step.source == "kibana":
            yield step.check.id

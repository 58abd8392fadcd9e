"""The systems that run and are asked in this run of a command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.model.contract import Scope

if TYPE_CHECKING:
    from toolkit.connectors import Connector

__all__ = ["reached"]


def reached(
    scope: Scope, *, live: bool, elasticsearch: str | None
) -> tuple[Scope, list[Connector]]:
    """The scope with the systems that are asked, and what asks them.

    Raises `UsageError` where ``live`` is wanted, and nothing names a system.
    """
    if not live and elasticsearch is None:
        return scope, []
    from toolkit.connectors.elasticsearch import LiveElasticsearch
    from toolkit.connectors.elasticsearch.access import access

    targets = scope.contract.targets
    target = targets.elasticsearch if targets else None
    found = access(elasticsearch, target, Path(scope.folder))
    if found is None:
        raise UsageError(_no_target(scope))
    return replace(scope, live=frozenset({"elasticsearch"})), [LiveElasticsearch(found)]


def _no_target(scope: Scope) -> Finding:
    return Finding(
        what="`--live` has nobody to ask",
        where=scope.contract.declared,
        why="neither the contract nor the environment nor the call names a system that runs",
        fix="give `--elasticsearch URL`, or add `targets: {elasticsearch: {url: …}}`.",
    )

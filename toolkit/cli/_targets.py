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

__all__ = ["reached", "remembered"]

_LIVE = frozenset({"elasticsearch"})


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
    return replace(scope, live=_LIVE), [LiveElasticsearch(found)]


def remembered(scope: Scope, path: Path) -> tuple[Scope, list[Connector]]:
    """The scope with the systems that a recording holds, and what answers from it."""
    from toolkit.connectors.recording import replayed

    connectors = replayed(path)
    systems = frozenset(connector.system for connector in connectors)
    return replace(scope, live=systems & _LIVE), connectors


def _no_target(scope: Scope) -> Finding:
    return Finding(
        what="`--live` has nobody to ask",
        where=scope.contract.declared,
        why="neither the contract nor the environment nor the call names a system that runs",
        fix="give `--elasticsearch URL`, or add `targets: {elasticsearch: {url: …}}`.",
    )

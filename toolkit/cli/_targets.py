"""The connectors of live systems: those of the contract, the environment and the call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.model.contract import Scope

if TYPE_CHECKING:
    from toolkit.connectors import Connector

_LIVE = frozenset({"elasticsearch", "kibana", "kubernetes", "ledger"})


def live_targets(
    scope: Scope,
    *,
    live: bool,
    elasticsearch: str | None,
    kibana: str | None = None,
    kube_context: str | None = None,
    allow_writes: bool = False,
) -> tuple[Scope, list[Connector]]:
    """Connect to the live systems of a contract.

    Args:
        scope: The contract.
        live: Whether the targets of contract and environment are used without a URL.
        elasticsearch: URL of an Elasticsearch, instead of the target's.
        kibana: URL of a Kibana, instead of the target's.
        kube_context: Context of a cluster, instead of the target's.
        allow_writes: Whether a ledger may write to a server that the contract calls writable.

    Returns:
        The scope with the names of the live systems, and their connectors.

    Raises:
        UsageError: No system is configured, or ``allow_writes`` is given without one.
    """
    if not live and all(each is None for each in (elasticsearch, kibana, kube_context)):
        if allow_writes:
            raise UsageError(_nothing_to_write(scope))
        return scope, []
    found = [
        *_elasticsearch(scope, elasticsearch, allow_writes),
        *_kibana(scope, kibana),
        *_kubernetes(scope, kube_context),
    ]
    if not found:
        raise UsageError(_no_target(scope))
    return replace(scope, live=frozenset(each.system for each in found)), found


def _elasticsearch(scope: Scope, url: str | None, allow_writes: bool) -> Iterator[Connector]:
    from toolkit.connectors.elasticsearch import LiveElasticsearch
    from toolkit.connectors.elasticsearch.client import ElasticsearchAccess
    from toolkit.connectors.elasticsearch.ledger import LiveLedger

    found = ElasticsearchAccess.of(scope, url)
    if found is not None:
        yield LiveElasticsearch(found)
        if allow_writes and found.writable:
            yield LiveLedger(found, Path(scope.folder))


def _kibana(scope: Scope, url: str | None) -> Iterator[Connector]:
    from toolkit.connectors.kibana import KibanaAccess, LiveKibana

    found = KibanaAccess.of(scope, url)
    if url is not None and scope.contract.kibana is None:
        raise UsageError.of(
            what="the contract has no section `kibana`",
            where=scope.contract.declared,
            why="`--kibana` compares it with the saved objects that `kibana:` names",
            fix="add `kibana: {saved_objects: kibana/*.ndjson}`.",
        )
    if found is not None:
        yield LiveKibana(found)


def _kubernetes(scope: Scope, context: str | None) -> Iterator[Connector]:
    from toolkit.connectors.cluster.access import ClusterAccess
    from toolkit.connectors.cluster.reading import LiveCluster

    targets = scope.contract.targets
    found = ClusterAccess.named(
        context, targets.kubernetes if targets else None, Path(scope.folder)
    )
    if found is not None:
        yield LiveCluster(found)


def recorded_targets(scope: Scope, path: Path) -> tuple[Scope, list[Connector]]:
    """Return the scope with the live systems of a recording, and connectors that replay it."""
    from toolkit.connectors.recording import replayed

    connectors = replayed(path)
    systems = frozenset(connector.system for connector in connectors)
    return replace(scope, live=systems & _LIVE), connectors


def _no_target(scope: Scope) -> Finding:
    return Finding(
        what="no target is configured for `--live`",
        where=scope.contract.declared,
        why="`--live` needs a target from the contract, the environment or the call",
        fix="give `--elasticsearch URL`, `--kibana URL` or `--kube-context NAME`, or add "
        "`targets:`.",
    )


def _nothing_to_write(scope: Scope) -> Finding:
    return Finding(
        what="`--allow-writes` has nothing to write to",
        where=scope.contract.declared,
        why="without `--live` no system is connected",
        fix="add `--live`.",
    )

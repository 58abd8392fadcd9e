"""The connectors of `toolkit scale`: for this machine, or for a cluster that may be loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from toolkit.connectors import Connector
from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.connectors.cluster.reading import LiveCluster
from toolkit.connectors.cluster.scaling import ClusterScaling
from toolkit.connectors.files import FileSystem
from toolkit.connectors.scaling.load_run import Watch
from toolkit.connectors.scaling.local import LocalScaling
from toolkit.errors import UsageError
from toolkit.model.contract import Scope
from toolkit.model.expectations.targets import KubernetesTarget


class ScalingBackend(NamedTuple):
    """The connectors of one machine or cluster."""

    observers: tuple[Connector, ...]
    """Read manifests and cluster, without load."""
    drivers: Callable[[Watch], Sequence[Connector]]
    """Create the connectors that put load on the service."""


def scaling_backend(scope: Scope, context: str | None, *, load: bool) -> ScalingBackend:
    """Return the connectors for this machine, or for a cluster.

    Args:
        scope: The contract, with the target of the cluster.
        context: A kubectl context; None for this machine.
        load: Whether load will be sent.

    Raises:
        UsageError: Load is wanted, and the contract does not allow it on the cluster.
    """
    folder = Path(scope.folder)
    if context is None:
        return ScalingBackend((FileSystem(folder),), lambda watch: (LocalScaling(folder, watch),))
    targets = scope.contract.targets
    target = targets.kubernetes if targets else None
    found = ClusterAccess.named(context, target, folder) or ClusterAccess(context)
    observers = (FileSystem(folder), LiveCluster(found))
    if not load:
        return ScalingBackend(observers, lambda watch: ())
    allowed = _loadable(scope, target, context)
    return ScalingBackend(
        observers, lambda watch: (ClusterScaling(folder, found, allowed, watch),)
    )


def _loadable(scope: Scope, target: KubernetesTarget | None, context: str) -> KubernetesTarget:
    """Return the target if it may be loaded; raises `UsageError`."""
    if target is None or target.context != context:
        raise UsageError.of(
            what=f"the contract has no target for the context `{context}`",
            where=scope.contract.declared,
            why="load is a write: it goes only to a cluster that the contract declares writable",
            fix=f"add `targets: {{kubernetes: {{context: {context}, url: …, writable: true}}}}`, "
            "or give `--why`.",
        )
    if not target.writable:
        raise UsageError.of(
            what=f"the cluster `{target.context}` is not declared writable",
            where=target.declared,
            why="load is a write: it goes only to a cluster that the contract declares writable",
            fix="add `writable: true` if it may be loaded, or give `--why`.",
        )
    parts = urlsplit(target.url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise UsageError.of(
            what="the target has no `url`"
            if target.url is None
            else "the target URL is not a plain http(s) URL",
            # The line may hold credentials, before an @.
            where=replace(target.declared, excerpt=""),
            why="load goes to the URL of a Service, an ingress or a NodePort, without credentials",
            fix="add `url: http://HOST:PORT`; no other host is loaded.",
        )
    return target

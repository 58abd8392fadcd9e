"""Reads what checks ask of a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.connectors import Batch
from toolkit.connectors.cluster.access import ClusterAccess
from toolkit.connectors.cluster.proxy import Api
from toolkit.errors import Unavailable
from toolkit.evidence.kubernetes.cluster import ApiReplies
from toolkit.model.queries import Answer, Leaf, QueryFailure


@dataclass(frozen=True, slots=True)
class LiveCluster:
    """A cluster that is read."""

    access: ClusterAccess
    system: ClassVar[str] = "kubernetes"

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        try:
            with Api(self.access) as api:
                return {query: self._answer(api, query) for query in queries}
        except Unavailable as error:
            return dict.fromkeys(queries, QueryFailure(error.findings))

    def close(self) -> None:
        """Do nothing: a pending request ends within its own timeout."""

    def _answer(self, api: Api, query: Any) -> Answer[ApiReplies]:
        found = read(api, self.access.context, query.paths)
        origin = f"the cluster {self.access.context}"
        return Answer(found, origin, len(found.replies), "API answers")


def read(api: Api, context: str, paths: Sequence[str]) -> ApiReplies:
    """Read paths of the API server.

    Args:
        api: The connection.
        context: The name of the kubeconfig's context.
        paths: Paths such as ``/apis/apps/v1/deployments``.

    Raises:
        Unavailable: The server does not respond.
    """
    found = [api.get(path) for path in paths]
    now = max((each.at for each in found), default=0.0)
    return ApiReplies(context, now, tuple(each.reply for each in found))

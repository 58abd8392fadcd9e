"""Takes the place of a service that is not started in this run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from toolkit.connectors import Batch
from toolkit.model.queries import Leaf, QueryFailure


@dataclass(frozen=True, slots=True)
class UnstartedService:
    """Answers all that is asked of a service with the reason why it is not started."""

    reason: QueryFailure
    system: ClassVar[str] = "service"

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        return dict.fromkeys(queries, self.reason)

    def close(self) -> None:
        """Nothing is ever under way."""

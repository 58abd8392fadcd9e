"""The only part of the toolkit that talks to anything. One system, one module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from toolkit.model.queries import Answer, Leaf, QueryFailure

__all__ = ["Connector"]


class Connector(Protocol):
    """Answers the leaves of one system, all of a run in one batch."""

    @property
    def system(self) -> str:
        """The system whose leaves it answers."""
        ...

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        """Answer each of ``queries``; what cannot be had is `QueryFailure`, never an exception."""
        ...

    def close(self) -> None:
        """End what is under way: a run is broken off, and nothing may be left running."""
        ...

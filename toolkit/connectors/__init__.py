"""The only part of the toolkit that talks to anything. One system, one module."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from toolkit.errors import ToolkitError
from toolkit.model.queries import Answer, Leaf, QueryFailure

__all__ = ["Batch", "Connector", "answer_each"]

Batch: TypeAlias = Mapping[Leaf[Any], Answer[Any] | QueryFailure]
"""The answers of a connector to the leaves of a run."""


class Connector(Protocol):
    """Answers the leaves of one system, all of a run in one batch."""

    @property
    def system(self) -> str:
        """The system whose leaves it answers."""
        ...

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        """Answer each of ``queries``; what cannot be had is `QueryFailure`, never an exception."""
        ...

    def close(self) -> None:
        """End what is under way: a run is broken off, and nothing may be left running."""
        ...


def answer_each(ask: Callable[[Any], Answer[Any]], queries: Sequence[Leaf[Any]]) -> Batch:
    """Ask for one query after the other; a `ToolkitError` is the failure of its query."""
    return {query: _answered(ask, query) for query in queries}


def _answered(ask: Callable[[Any], Answer[Any]], query: Leaf[Any]) -> Answer[Any] | QueryFailure:
    try:
        return ask(query)
    except ToolkitError as error:
        return QueryFailure(error.findings)

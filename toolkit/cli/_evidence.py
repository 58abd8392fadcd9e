"""The evidence that commands print themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toolkit.cli._bugs import on_bug
from toolkit.connectors import Connector
from toolkit.errors import ToolkitError, Unavailable
from toolkit.model.queries import Answers, Query, QueryFailure
from toolkit.verification import gather


def answers_to(queries: Iterable[Query[Any]], connectors: Iterable[Connector]) -> Answers:
    """Answer queries, without a report of the progress."""
    return gather(queries, connectors, lambda system: None, on_bug)


def evidence_of(
    query: Query[Any], connectors: Iterable[Connector], error: type[ToolkitError] = Unavailable
) -> Any:
    """Return the evidence of a query.

    Args:
        query: The query.
        connectors: Those of the systems that it rests on.
        error: Is raised, with the reasons, if it is missing.
    """
    return evidence_in(answers_to([query], connectors), query, error)


def evidence_in(
    answers: Answers, query: Query[Any] | None, error: type[ToolkitError] = Unavailable
) -> Any:
    """Return the evidence of one of several queries, None without a query.

    Args:
        answers: The answers to all of them.
        query: The query.
        error: Is raised, with the reasons, if it is missing.
    """
    if query is None:
        return None
    answer = answers[query]
    if isinstance(answer, QueryFailure):
        raise error(*answer.findings)
    return answer.evidence

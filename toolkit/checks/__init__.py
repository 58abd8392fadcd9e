"""What can be found wrong. One check is one module of a subpackage; its path is its id."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import getdoc
from typing import Any, TypeVar

from toolkit.findings import Finding, Severity, Unproven
from toolkit.model.checks import HOPS, Check
from toolkit.model.contract import Scope
from toolkit.model.expectations import Expectation
from toolkit.model.queries import Query

__all__ = ["all_checks", "check"]

ExpectationT = TypeVar("ExpectationT", bound=Expectation)
EvidenceT = TypeVar("EvidenceT")


def check(
    *,
    expects: type[ExpectationT],
    asks: Callable[[ExpectationT, Scope], Mapping[str, Query[EvidenceT]]],
    severity: Severity = Severity.ERROR,
) -> Callable[
    [Callable[[ExpectationT, EvidenceT], Iterable[Finding | Unproven]]],
    Check[ExpectationT, EvidenceT],
]:
    """Turn a judging function into a check named after its module.

    The function in ``toolkit/checks/logs/no_match.py`` becomes the check
    ``logs/no-match``. Nothing is registered: `all_checks` finds it.
    """

    def wrap(
        judge: Callable[[ExpectationT, EvidenceT], Iterable[Finding | Unproven]],
    ) -> Check[ExpectationT, EvidenceT]:
        package, _, _ = judge.__module__.partition(".")
        group, name = judge.__module__.split(".")[-2:]
        return Check(
            id=f"{group}/{name.replace('_', '-')}",
            severity=severity,
            expects=expects,
            asks=asks,
            judge=judge,
            doc=getdoc(judge) or "",
            origin=package,
        )

    return wrap


@cache
def all_checks() -> tuple[Check[Any, Any], ...]:
    """Every check of this package and of the entry points ``toolkit.checks``, by hop and id."""
    found = [*_own(), *_foreign()]
    return tuple(sorted(found, key=lambda check: (_rank(check.hop), check.id)))


def _rank(hop: str) -> int:
    return HOPS.index(hop) if hop in HOPS else len(HOPS)


def _own() -> Iterator[Check[Any, Any]]:
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if not module.ispkg:
            yield from _checks_in(import_module(module.name))


def _foreign() -> Iterator[Check[Any, Any]]:
    # By way of `email` it imports `socket`, which nothing else here does.
    from importlib.metadata import entry_points

    for entry in entry_points(group="toolkit.checks"):
        yield from _checks_in(entry.load())


def _checks_in(module: object) -> Iterator[Check[Any, Any]]:
    for value in vars(module).values():
        if isinstance(value, Check):
            yield value

"""What can be found wrong. One check is one module of a subpackage; its path is its id."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from inspect import getdoc
from typing import Any, TypeVar

from toolkit.extensions import load, provided
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
        parts = judge.__module__.split(".")
        if len(parts) == 1:
            raise TypeError(f"`{judge.__module__}` has to be in a package, its group")
        group, name = parts[-2:]
        return Check(
            id=f"{group}/{name.replace('_', '-')}",
            severity=severity,
            expects=expects,
            asks=asks,
            judge=judge,
            doc=getdoc(judge) or "",
            origin=parts[0],
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
    for entry in provided("checks"):
        yield from load(entry, lambda module: [*_checks_in(module)], "a function under `@check`")


def _checks_in(module: object) -> Iterator[Check[Any, Any]]:
    for value in vars(module).values():
        if isinstance(value, Check):
            yield value

"""Checks. One check is one module of a subpackage; its path is its id.

A module beside the subpackages is one rule for several of them: a check for each.

A check is imported when a contract has something for it to judge.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from toolkit.checks._catalogue import CheckFile, check_files, check_id
from toolkit.extensions import load, provided
from toolkit.findings import Finding, Severity, Unproven

if TYPE_CHECKING:
    from toolkit.model.checks import Asked, Check
    from toolkit.model.contract import Contract, Scope
    from toolkit.model.expectations import Expectation

    ExpectationT = TypeVar("ExpectationT", bound=Expectation)
    EvidenceT = TypeVar("EvidenceT")

__all__ = ["all_checks", "check", "check_ids", "checks_for", "documentation"]


def check(
    *,
    expects: type[ExpectationT],
    queries: Callable[[ExpectationT, Scope], Asked[EvidenceT]] | None = None,
    severity: Severity = Severity.ERROR,
    asks: Callable[[ExpectationT, Scope], Asked[EvidenceT]] | None = None,
) -> Callable[
    [Callable[[ExpectationT, EvidenceT], Iterable[Finding | Unproven]]],
    Check[ExpectationT, EvidenceT],
]:
    """Turn a judging function into a check named after its module.

    The function in ``toolkit/checks/logs/no_match.py`` becomes the check ``logs/no-match``,
    ``dashboards`` in ``toolkit/checks/unrecorded.py`` becomes ``dashboards/unrecorded``. Nothing
    is registered: it is found by its path.

    Args:
        expects: The part of a contract that is judged, one at a time.
        queries: Returns the query for the evidence, several by the name of their source, or None.
        severity: That of its findings.
        asks: The former name of ``queries``.
    """
    from toolkit.model.checks import Check

    if asks is not None:
        warnings.warn("`asks` of a check is `queries` now", DeprecationWarning, stacklevel=2)
    asked = queries or asks
    if asked is None:
        raise TypeError("a check needs `queries`")

    def wrap(
        judge: Callable[[ExpectationT, EvidenceT], Iterable[Finding | Unproven]],
    ) -> Check[ExpectationT, EvidenceT]:
        return Check(
            id=check_id(judge.__module__, judge.__name__),
            severity=severity,
            expects=expects,
            queries=asked,
            judge=judge,
            doc=getdoc(judge) or "",
            origin=judge.__module__.partition(".")[0],
        )

    return wrap


@cache
def all_checks() -> tuple[Check[Any, Any], ...]:
    """Every check of this package and of the entry points ``toolkit.checks``, by hop and id."""
    return _ordered([*(file.load() for file in _files().values()), *_foreign()])


def checks_for(
    contract: Contract, wanted: Callable[[str], bool] = lambda name: True
) -> tuple[Check[Any, Any], ...]:
    """Return the checks whose id is wanted and that may judge something of a contract.

    Those of this package are imported when they judge, unless their queries are their own.
    """
    kinds = {cls.__name__: cls for each in contract.expectations() for cls in type(each).__mro__}
    planned = (file.planned(kinds) for file in _files().values() if wanted(file.id))
    foreign = (check for check in _foreign() if wanted(check.id))
    return _ordered([*filter(None, planned), *foreign])


def check_ids() -> tuple[str, ...]:
    """Return the id of every check; those of this package are not imported."""
    return (*_files(), *(check.id for check in _foreign()))


def documentation(wanted: str) -> str | None:
    """Return the documentation of a check; None where there is no check of this id."""
    if file := _files().get(wanted):
        return file.doc()
    return next((check.doc for check in _foreign() if check.id == wanted), None)


@cache
def _files() -> Mapping[str, CheckFile]:
    return {file.id: file for file in check_files(__name__, Path(__file__).parent)}


def _foreign() -> Iterator[Check[Any, Any]]:
    for entry in provided("checks"):
        yield from load(entry, lambda module: [*_checks_in(module)], "a function under `@check`")


def _checks_in(module: object) -> Iterator[Check[Any, Any]]:
    from toolkit.model.checks import Check

    return (value for value in vars(module).values() if isinstance(value, Check))


def _ordered(checks: Iterable[Check[Any, Any]]) -> tuple[Check[Any, Any], ...]:
    from toolkit.model.checks import HOPS

    ranks = {hop: rank for rank, hop in enumerate(HOPS)}
    return tuple(sorted(checks, key=lambda check: (ranks.get(check.hop, len(HOPS)), check.id)))

"""A suppression accepts everything, or for years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from toolkit.checks import check
from toolkit.findings import Finding
from toolkit.model.contract import Contract, Scope
from toolkit.model.queries import Declared, Query

_LONGEST = timedelta(days=2 * 365)


def _queries(expected: Contract, scope: Scope) -> Query[date] | None:
    if not expected.suppress:
        return None
    today = datetime.fromtimestamp(scope.now // 10**9, UTC).date()
    return Declared(today, "suppressions", len(expected.suppress))


@check(expects=Contract, queries=_queries)
def unbounded_suppression(expected: Contract, observed: date) -> Iterator[Finding]:
    """Every suppression names what it accepts, and ends within two years.

    ## Why it matters
    A suppression of all checks at all places turns every later defect into a pass. One that
    ends in ten years is never looked at again: its reason is forgotten, and it stays.

    ## How to fix it
    Name the check and, best, the place of the finding. Let it expire when the reason ends,
    and extend it then if it still holds.

    ## Reference
    https://docs.astral.sh/ruff/rules/blanket-noqa/
    """
    for each in expected.suppress:
        if each.unbounded:
            yield Finding(
                what=f"a suppression of `{each.check}` at `{each.where}` accepts every finding",
                where=each.declared,
                why="whatever breaks from now on passes",
                fix="name the check that reports the finding: `check: logs/no-match`.",
            )
        elif each.expires - observed > _LONGEST:
            yield Finding(
                what=f"the suppression of `{each.check}` is valid until {each.expires}",
                where=each.declared,
                why="what is accepted for years is not looked at again",
                fix="write a day within two years, on which it is looked at again.",
            )

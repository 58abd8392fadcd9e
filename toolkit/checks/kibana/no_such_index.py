"""A data view matches indices that nothing writes to."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from toolkit.checks import check
from toolkit.checks.kibana._reading import indices_of, is_external, of_data_views, strange
from toolkit.evidence.kibana.saved_objects import PanelFields
from toolkit.findings import Finding, Subject, Unproven
from toolkit.kibana.views import View
from toolkit.model.expectations.kibana import KibanaExpectation


@check(expects=KibanaExpectation, queries=of_data_views)
def no_such_index(
    expected: KibanaExpectation, observed: PanelFields
) -> Iterator[Finding | Unproven]:
    """Every data view shows an index that the lines of the contract go to.

    ## Why it matters
    A data view whose pattern fits no index is no error in Kibana: every panel of it shows "No
    results found", as on a quiet day. One letter in a pattern blinds a whole dashboard.

    ## How to fix it
    Correct the pattern of the data view, or the `index:` of the lines. Indices that others
    fill are named under `kibana: external:`.

    ## Reference
    https://www.elastic.co/docs/explore-analyze/find-and-organize/data-views
    """
    for view in observed.views():
        if observed.asked:
            if observed.tells_of(view) and not observed.behind(view):
                yield _empty(view, observed)
        elif not observed.tells_of(view) and not is_external(view, expected):
            yield _unknown(view, observed)


def _unknown(view: View, observed: PanelFields) -> Finding | Unproven:
    """Return UNPROVEN for a remote cluster, or if some lines have no index of their own."""
    if view.is_remote() or observed.is_vague():
        return Unproven(strange(view, observed))
    return _missing(view, observed)


def _missing(view: View, observed: PanelFields) -> Finding:
    known = ", ".join(f"`{each}`" for each in observed.named[:4])
    near = get_close_matches(view.patterns[0] if view.patterns else "", observed.named, n=1)
    return Finding(
        what=f"{view} shows no index that any line goes to",
        where=view.where,
        why=f"the indices of `logs:` and of their templates are {known}",
        fix=f"did you mean `{near[0]}`?"
        if near
        else "correct the pattern; if others fill these indices, add it to `kibana: external`.",
        breaks=(Subject("reader", f"{view}"), indices_of(view)),
    )


def _empty(view: View, observed: PanelFields) -> Finding:
    return Finding(
        what=f"{view} shows nothing: the server has no such index",
        where=view.where,
        why=f"{observed.asked} has no index of that name with a field in it",
        fix="correct the pattern, or see that the pipeline writes there.",
        breaks=(Subject("reader", f"{view}"), indices_of(view)),
    )

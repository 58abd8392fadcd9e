"""An object in Kibana differs from the repository's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from toolkit.checks import check
from toolkit.evidence.kibana.deployed import Deployed, deployed
from toolkit.findings import Finding, Mark, Unproven
from toolkit.kibana.drift import NOTHING, ObjectDifference, differences
from toolkit.kibana.migrations import Migration, is_certain, migration
from toolkit.kibana.objects import SavedObject
from toolkit.model.expectations.kibana import KibanaExpectation

_LONGEST = 50


@check(expects=KibanaExpectation, queries=deployed)
def drift(expected: KibanaExpectation, observed: Deployed) -> Iterator[Finding | Unproven]:
    """Kibana holds each saved object as the repository has it.

    ## Why it matters
    A proof on the files does not hold for a dashboard that was edited by hand, or
    that was never imported. The next import takes the edit away without a word.

    ## How to fix it
    Keep the edit: export the dashboard with its related objects over the file. Or take it
    back: `toolkit kibana import`.

    ## Reference
    https://www.elastic.co/docs/explore-analyze/find-and-organize/saved-objects
    """
    for ours, theirs in observed.pairs:
        if theirs is None:
            yield _missing(ours, observed.asked)
            continue
        found, between = differences(ours, theirs), migration(ours, theirs)
        certain = [each for each in found if is_certain(each, between)]
        if certain:
            rest = [each for each in found if each not in certain]
            yield _differs(ours, [*certain, *rest], observed.asked)
        elif found and between:
            yield Unproven(_migrated(ours, found[0], between, observed.asked))


def _missing(ours: SavedObject, asked: str) -> Finding:
    return Finding(
        what=f"{ours} is not there",
        where=ours.node.locate("id"),
        why=f"{asked} has no object of the type `{ours.type}` with the id `{ours.id}`",
        fix="import it: `toolkit kibana import`.",
    )


def _differs(ours: SavedObject, found: list[ObjectDifference], asked: str) -> Finding:
    first, *rest = found
    others = f", and {len(rest)} more" if rest else ""
    return Finding(
        what=f"{ours} was changed there: `{first.path}` {_told(first)}{others}",
        where=first.where,
        why=f"{asked} has this version; it was edited, or imported from another file",
        fix="export it over the file, or take the edit back: `toolkit kibana import`.",
        marks=tuple(Mark(_last(each.path), each.where) for each in rest[:1]),
    )


def _migrated(
    ours: SavedObject, first: ObjectDifference, between: Migration, asked: str
) -> Finding:
    here = f"version {between.here}" if between.here else "one without a version"
    return Finding(
        what=f"{ours} is another there, by hand or by migration: `{first.path}` {_told(first)}",
        where=first.where,
        why=f"{asked} brought it from {here} of its type to {between.there}",
        fix="export it from that Kibana over the file.",
    )


def _told(each: ObjectDifference) -> str:
    if each.ours is NOTHING:
        return f"is new, {_shown(each.theirs)}"
    if each.theirs is NOTHING:
        return f"is gone, {_shown(each.ours)}"
    return f"is {_shown(each.theirs)}, not {_shown(each.ours)}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


def _last(path: str) -> str:
    return path.rpartition(".")[2]

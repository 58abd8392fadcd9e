"""What is said of an import that is not done, or not wholly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.connectors.kibana.importing import Imported, Refusal
from toolkit.findings import Finding, Location
from toolkit.kibana.objects import SavedObject, named


def no_url() -> Finding:
    """Nothing names a Kibana."""
    return Finding(
        what="no Kibana is named",
        where=Location("command line"),
        why="an import writes, so it is said each time where to",
        fix="give `--kibana http://HOST:5601`, or set TOOLKIT_KIBANA_URL.",
    )


def not_writable(declared: Location) -> Finding:
    """Only the contract names one, and it does not allow to write there."""
    return Finding(
        what="the Kibana of the contract is not to be written to",
        where=declared,
        why="`verify --live` reads there; an import writes",
        fix="add `writable: true` to the target, or name it with `--kibana`.",
    )


def refusals(done: Imported, objects: Iterable[SavedObject]) -> Iterator[Finding]:
    """A finding for each object that Kibana did not take."""
    places = {(each.type, each.id): each.node.locate("id") for each in objects}
    for each in done.refused:
        yield Finding(
            what=f"{named(each.type)} `{each.title}` was not imported: {each.reason}",
            where=places.get((each.type, each.id), Location("kibana")),
            why=_why(each, done),
            fix=_FIXES.get(
                each.kind,
                "run `toolkit verify --only 'kibana/*'`, or export it anew from that version.",
            ),
        )


def _why(refusal: Refusal, done: Imported) -> str:
    alone = "" if done.written else "; it then takes none of the others"
    if refusal.missing:
        return (
            "Kibana misses " + ", ".join(f"{named(t)} `{i}`" for t, i in refusal.missing) + alone
        )
    return f"Kibana refuses it as `{refusal.kind}`{alone}"


_FIXES = {
    "missing_references": "export it with its related objects.",
    "conflict": "leave out `--keep` to write over it.",
    "ambiguous_conflict": "delete the copies in Kibana, or import into another space.",
    "unsupported_type": "take it out of the file, or import into the Kibana that has its plugin.",
}

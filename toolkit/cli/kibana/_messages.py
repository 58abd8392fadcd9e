"""Messages for failed or partial imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from toolkit.connectors.kibana.importing import Imported, Refusal
from toolkit.findings import Finding, Location
from toolkit.kibana.objects import SavedObject, named


def no_url() -> Finding:
    """Return the finding for a call without a Kibana."""
    return Finding(
        what="no Kibana is configured",
        where=Location("command line"),
        why="an import writes, so each call names its target",
        fix="give `--kibana http://HOST:5601`, or set TOOLKIT_KIBANA_URL.",
    )


def not_writable(declared: Location) -> Finding:
    """Return the finding for a target of the contract that is not writable."""
    return Finding(
        what="the Kibana of the contract is not declared writable",
        where=declared,
        why="`verify --live` only reads it; an import writes",
        fix="add `writable: true` to the target, or name it with `--kibana`.",
    )


def refusals(done: Imported, objects: Iterable[SavedObject]) -> Iterator[Finding]:
    """Yield a finding for each object that Kibana rejected."""
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
    alone = "" if done.written else "; it then imports none of the others"
    if refusal.missing:
        return (
            "Kibana misses " + ", ".join(f"{named(t)} `{i}`" for t, i in refusal.missing) + alone
        )
    return f"Kibana rejects it as `{refusal.kind}`{alone}"


_FIXES = {
    "missing_references": "export it with its related objects.",
    "conflict": "omit `--keep` to overwrite it.",
    "ambiguous_conflict": "delete the copies in Kibana, or import into another space.",
    "unsupported_type": "remove it from the file, or import into a Kibana that has its plugin.",
}

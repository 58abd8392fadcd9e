"""The mapping of a live index is not that of the repository's template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.checks import check
from toolkit.checks.elasticsearch._mapped_events import origin
from toolkit.elasticsearch.templates import Template
from toolkit.evidence.elasticsearch.indices import live_template
from toolkit.evidence.elasticsearch.templates import template
from toolkit.findings import Finding, Mark, Subject
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import both

_IGNORED = frozenset({"properties", "fields", "meta"})
_DEFAULTS = {"index": True, "doc_values": True, "coerce": True, "ignore_malformed": False}


@check(
    expects=LogExpectation,
    queries=lambda expected, scope: {
        "live": both(template(expected), live_template(expected, scope))
    },
)
def mapping_drift(
    expected: LogExpectation, observed: tuple[Template, Template]
) -> Iterator[Finding]:
    """The newest index maps the declared fields as the repository's template does.

    ## Why it matters
    Everything that is proved offline is proved of the template in the repository. A template
    that was never installed, or that another one outranks, makes it a proof of nothing.

    ## How to fix it
    Install the template, see that no other of a higher priority takes its place, and roll the
    index over.

    ## Reference
    https://www.elastic.co/docs/manage-data/data-store/templates
    """
    mapped, live = observed
    for name in expected.fields:
        wanted, held = mapped.definition(name), live.definition(name)
        if wanted is None or held is None:
            continue
        for key in _different(_settled(wanted, mapped), _settled(held, live)):
            yield _finding(name, key, mapped, live)


def _settled(definition: Mapping[str, Any], mapped: Template) -> Mapping[str, Any]:
    """A definition with its defaults, those of the index included."""
    index = mapped.settings.get("index", {}).get("mapping", {})
    given = {key: index[key] for key in ("ignore_malformed", "coerce") if key in index}
    found = {**_DEFAULTS, **given, **definition}
    return {key: str(value).lower() for key, value in found.items() if key not in _IGNORED}


def _different(wanted: Mapping[str, Any], held: Mapping[str, Any]) -> Iterator[str]:
    if wanted.get("type") != held.get("type"):
        yield "type"
        return
    yield from (key for key in {**wanted, **held} if wanted.get(key) != held.get(key))


def _finding(name: str, key: str, mapped: Template, live: Template) -> Finding:
    wanted = _settled(mapped.definition(name) or {}, mapped).get(key, "not set")
    held = _settled(live.definition(name) or {}, live).get(key, "not set")
    return Finding(
        what=f"`{name}` has `{key}: {held}` in the index, `{key}: {wanted}` in the template",
        where=origin(live, name),
        why=f"{mapped.source} is what was proved offline, and what should be installed",
        fix="install the template, then roll the index over.",
        marks=(Mark("template", mapped.locate(name)),),
        follows=(Subject("mapping", name), Subject("types", name)),
    )

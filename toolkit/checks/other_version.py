"""A file uses what only other versions of its product accept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.checks import check
from toolkit.deployment.site import Known, Unknown
from toolkit.evidence.releases import ReleaseUses, release_uses
from toolkit.findings import Finding, Mark, Severity, Unproven
from toolkit.languages.releases import Lifespan, Use, at_least, numbers
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.expectations.metrics import MetricsExpectation


@check(
    expects=LogExpectation,
    queries=lambda expected, scope: release_uses([expected.shipper], "filebeat", expected, scope),
)
def logs(expected: LogExpectation, observed: ReleaseUses) -> Iterator[Finding | Unproven]:
    """The version of Filebeat that runs accepts all inputs and settings of its configuration.

    ## Why it matters
    Inputs and settings come and go with versions: a Filebeat that is updated under a
    configuration of before does not start, and no line is shipped.

    ## How to fix it
    Write what took the place of the setting, or run a version that accepts it. The version is
    read from images, charts and the objects of operators; `deployment: versions:` of the
    contract states it where none of them does.

    ## Reference
    https://www.elastic.co/docs/release-notes/beats/breaking-changes
    """
    return _judged(observed)


@check(
    expects=LogExpectation,
    queries=lambda expected, scope: release_uses(
        [expected.template], "elasticsearch", expected, scope
    ),
)
def elasticsearch(expected: LogExpectation, observed: ReleaseUses) -> Iterator[Finding | Unproven]:
    """The version of Elasticsearch that runs accepts all parts of the index template.

    ## Why it matters
    A template with a field type, a parameter or a setting of another version is refused as a
    whole. Indices are created without it, and every field gets the type of its first value.

    ## How to fix it
    Write what took the place of the part, or run a version that accepts it. The version is
    read from images, charts and the objects of operators; `deployment: versions:` of the
    contract states it where none of them does.

    ## Reference
    https://www.elastic.co/docs/release-notes/elasticsearch/breaking-changes
    """
    return _judged(observed)


@check(
    expects=MetricsExpectation,
    queries=lambda expected, scope: release_uses(expected.rules, "prometheus", expected, scope),
)
def metrics(expected: MetricsExpectation, observed: ReleaseUses) -> Iterator[Finding | Unproven]:
    """The version of Prometheus that runs accepts all keys of its files, and all functions.

    ## Why it matters
    Prometheus rejects a file with a key or a function that it does not know, as a whole: it
    does not start with such a configuration, and goes on with the rules of before.

    ## How to fix it
    Write what took the place of the key, or run a version that accepts it. The version is
    read from images, charts and the objects of operators; `deployment: versions:` of the
    contract states it where none of them does.

    ## Reference
    https://prometheus.io/docs/prometheus/latest/migration/
    """
    return _judged(observed)


def _judged(observed: ReleaseUses) -> Iterator[Finding | Unproven]:
    known = observed.by_change()
    doubtful = [change for change, release in known if isinstance(release, Unknown)]
    shared = observed.table.accepting(*doubtful)
    newest = max((each.since for each, _ in known), key=numbers, default="")
    for (change, release), uses in known.items():
        found = _Found(observed.product, change, uses)
        if isinstance(release, Known):
            if not change.accepted(release.value):
                yield found.refused(release, newest)
        else:
            accepting = observed.table.accepting(change)
            supported = [each for each in observed.table.supported if each in accepting]
            if len(supported) < len(observed.table.supported):
                doubt = found.doubt(release, (shared or accepting)[-1], bool(supported))
                yield doubt if supported else Unproven(doubt)


@dataclass(frozen=True, slots=True)
class _Found:
    """The uses of one key or word in the files of one release."""

    key: str
    change: Lifespan
    uses: Sequence[Use]

    @property
    def product(self) -> str:
        return self.key.capitalize()

    @property
    def written(self) -> str:
        return self.change.label or f"`{self.uses[0].written}`"

    @property
    def others(self) -> tuple[Mark, ...]:
        return tuple(Mark("here too", use.where) for use in self.uses[1:])

    @property
    def only(self) -> str:
        """The releases that accept it."""
        since, until = self.change.since, self.change.until
        return f"{self.product} before {until}" if until else f"{self.product} {since} or later"

    def refused(self, release: Known[str], newest: str) -> Finding:
        name = f"{self.product} {release.value}"
        return Finding(
            what=f"{name} does not accept {self.written}, only {self.only} does",
            where=self.uses[0].where,
            why=self.change.why,
            fix=self.fix(release, newest),
            marks=(Mark(name, release.origin), *self.others),
        )

    def fix(self, release: Known[str], newest: str) -> str:
        use, change = self.uses[0], self.change
        if change.fix:
            return change.fix
        if change.unless:
            return f"add `{change.unless}: true` beside it."
        if change.until and at_least(release.value, change.until):
            return f"use `{use.successor}` instead." if change.new else f"remove {self.written}."
        return f"run {self.product} {newest} or later."

    def doubt(self, release: Unknown, accepting: str, supported: bool) -> Finding:
        """The finding where it is not known which release runs.

        Args:
            release: Why it is not known.
            accepting: A release that accepts it.
            supported: True if a supported release accepts it.
        """
        stated = f'deployment: {{versions: {{{self.key}: "{accepting}"}}}}'
        return Finding(
            what=f"only {self.only} accepts {self.written}",
            where=self.uses[0].where,
            why=f"the version that runs is not known: {release.reason}",
            fix=f"state it in the contract: `{stated}`.",
            marks=self.others,
            severity=Severity.INFO if supported else None,
        )

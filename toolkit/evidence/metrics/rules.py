"""Rules, and the metrics they read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import InputError
from toolkit.evidence.files import File, Files, FileSet
from toolkit.evidence.metrics.loaded_rules import unnamed_rules
from toolkit.evidence.metrics.references import MetricReference
from toolkit.evidence.metrics.rule_texts import rule_texts
from toolkit.evidence.repository import RepositoryFiles, repository, tree_of
from toolkit.findings import Finding, Reader, Subject
from toolkit.model.contract import Scope
from toolkit.model.expectations.metrics import MetricsExpectation
from toolkit.model.queries import Answer, Derived, Query
from toolkit.prometheus.passage import Passage
from toolkit.prometheus.promql import PromQLError, selectors
from toolkit.prometheus.rules import Rule, parse_rules

_NO_FILES = (
    "the contract has no rule files",
    "name them under `rules:`, or the metric under `external:`.",
)
_UNREADABLE = ("a rule file cannot be read", "correct the rule file that cannot be read.")


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of some files, and the metrics they read."""

    rules: tuple[Rule, ...] = ()
    references: tuple[MetricReference, ...] = ()
    faults: tuple[Finding, ...] = ()
    """Files that are not rule files, and expressions that are not PromQL."""
    doubt: tuple[str, str] | None = _NO_FILES
    """Why there may be further rules, and how to settle it; None if all are known."""

    @property
    def recorded(self) -> frozenset[str]:
        """Return the metrics that recording rules record."""
        return frozenset(rule.name for rule in self.rules if not rule.alerting)


@dataclass(frozen=True, slots=True)
class RulesIn(Derived[Rules]):
    """Read rule files; there may be others, if a configuration of Prometheus loads them."""

    files: Query[FileSet]
    repository: Query[RepositoryFiles]
    prefix: str

    def derive(self, files: Answer[FileSet], repository: Answer[RepositoryFiles]) -> Answer[Rules]:
        found, faults = list[Rule](), list[Finding]()
        for file in files.evidence:
            for rules, wrong in _read(file):
                found += rules
                faults += (replace(each, breaks=(Subject("rules"),)) for each in wrong)
        doubt = _UNREADABLE if faults else self._doubt(files.evidence, repository.evidence)
        references, unread = list[MetricReference](), list[Finding]()
        for rule in found:
            try:
                references += _references(rule)
            except PromQLError as error:
                faults.append(_no_promql(rule, error))
            except InputError as error:
                unread += error.findings
        evidence = Rules(tuple(found), tuple(references), tuple(faults), doubt)
        sampled = len(references) + len(faults) + len(unread)
        # Rules that read no metric are rules all the same.
        return Answer(
            evidence, files.origin, sampled, "references", tuple(unread), promised=not found
        )

    def _doubt(self, files: FileSet, repository: RepositoryFiles) -> tuple[str, str] | None:
        loaded = unnamed_rules(tree_of(repository, self.prefix), (file.name for file in files))
        if loaded is None:
            return None
        pattern, where = loaded
        return f"{where} loads `{pattern}`, which the contract does not name", _NO_FILES[1]


def _read(file: File) -> Iterator[tuple[Sequence[Rule], Sequence[Finding]]]:
    """Yield the rules of each rule file in a file, or why Prometheus refuses it."""
    try:
        texts = list(rule_texts(file))
    except InputError as error:
        yield (), error.findings
        return
    for text, where in texts:
        try:
            found = parse_rules(text, source=file.name)
        except InputError as error:
            yield (), [replace(e, where=where or e.where) for e in error.findings]
            continue
        if where is not None:
            line = where.line or 1
            passage = Passage(file.name, line, where.column or 1, (where.excerpt,))
            found = tuple(replace(each, passage=passage) for each in found)
        yield found, ()


def _references(rule: Rule) -> Iterator[MetricReference]:
    for selector in selectors(rule.expression, rule.passage.where):
        yield MetricReference(selector, rule.reader, rule.passage)


def _no_promql(rule: Rule, error: PromQLError) -> Finding:
    return Finding(
        what=f"the expression of `{rule.name}` is not PromQL: {error}",
        where=rule.passage.where,
        why="Prometheus rejects the whole file, and none of its alerts can fire",
        fix="correct the expression; `promtool check rules` reads it too.",
    )


def rules(expected: MetricsExpectation, scope: Scope) -> Query[Rules] | None:
    """Return the query for the contract's rules; None if it has none."""
    if not expected.rules:
        return None
    files = Files(expected.rules, expected.declared, "rule files")
    return RulesIn(files, *repository(scope))


def alerts(found: Rules) -> Iterator[MetricReference]:
    """Yield the references of alerting rules, and of the recording rules behind them."""
    readers = {rule.reader for rule in found.rules if rule.alerting}
    known = 0
    while known < len(readers):
        known = len(readers)
        read = {each.selector.metric for each in found.references if each.reader in readers}
        readers |= {Reader("recording rule", name) for name in read & found.recorded}
    return (each for each in found.references if each.reader in readers)

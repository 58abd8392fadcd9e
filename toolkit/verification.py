"""The whole toolkit on one page: plan, gather, judge.

Read this module first. Data passes through it once, downwards; only `gather` touches the
outside world, through the connectors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from toolkit.connectors import Batch, Connector
from toolkit.errors import ToolkitError
from toolkit.extensions import raised_in
from toolkit.findings import Finding, Location, Severity, Unproven
from toolkit.model.checks import Check, Step
from toolkit.model.contract import Scope
from toolkit.model.effects import asks_for_lineage, with_effects
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Answers, Dependent, Derived, Leaf, Query, QueryFailure
from toolkit.model.report import Judgement, Report, Verdict
from toolkit.model.suppressions import accept, stale

if TYPE_CHECKING:
    from toolkit.model.lineage import Lineage

Progress: TypeAlias = Callable[[str], None]
OnBug: TypeAlias = Callable[[str, Exception], Finding]
_UnderWay: TypeAlias = dict[Future[Batch], str]
_Submit: TypeAlias = Callable[[Iterable[Leaf[Any]]], _UnderWay]


def verify(
    scope: Scope,
    checks: Iterable[Check[Any, Any]],
    connectors: Iterable[Connector],
    *,
    today: date,
    fail_on: Severity = Severity.ERROR,
    progress: Progress = lambda system: None,
    on_bug: OnBug | None = None,
) -> Report:
    """Compare a contract with what can be observed.

    Args:
        scope: The contract, and the systems that may be queried.
        checks: Those whose expectations the contract may have.
        connectors: The systems; one that is missing leaves its queries unanswered.
        today: Suppressions are valid up to and including their last day.
        fail_on: Findings below this severity do not fail a step.
        progress: Called with the name of each system that has answered.
        on_bug: Turns a defect of the toolkit into a finding, or raises it, as in tests.
    """
    steps = plan(scope, checks)
    bug = on_bug or report_bug
    connectors = tuple(connectors)
    answers = gather((step.query for step in steps), connectors, progress, bug)
    report = judge(steps, answers, scope, today=today, fail_on=fail_on, on_bug=bug)
    if not asks_for_lineage(report):
        return report
    # Only what is found has effects.
    from toolkit.evidence.lineage import lineage

    graph = lineage(scope)
    return add_effects(report, gather((graph,), connectors, progress, bug, answers)[graph])


def plan(scope: Scope, checks: Iterable[Check[Any, Any]]) -> tuple[Step, ...]:
    """Pair each expectation with the checks that judge its kind, by hop and check."""
    expectations = tuple(scope.contract.expectations())
    return tuple(
        Step(check, expectation, query, source)
        for check in checks
        for expectation in expectations
        if isinstance(expectation, check.expects)
        for source, query in check.asked(expectation, scope).items()
    )


def gather(
    queries: Iterable[Query[Any]],
    connectors: Iterable[Connector],
    progress: Progress,
    on_bug: OnBug,
    known: Answers | None = None,
) -> Answers:
    """Answer each distinct query once, leaves concurrently. A failure is an answer too.

    When it is interrupted, such as by Ctrl-C, the connectors are closed: nothing is left running.

    Args:
        queries: They, and all that they rest on, are answered.
        connectors: One for each system; they are asked for leaves.
        progress: Is called with the name of each system that has answered.
        on_bug: Turns a defect of the toolkit into a finding, or raises it.
        known: Earlier answers, which are not asked for again.
    """
    graph = _Graph(queries, on_bug, known or {})
    connectors = tuple(connectors)
    with ThreadPoolExecutor(max_workers=8) as pool:
        try:
            _listen(graph, lambda leaves: dict(_ask(leaves, connectors, pool, on_bug)), progress)
        except BaseException:
            for connector in connectors:
                connector.close()
            raise
    return graph.answers


def _listen(graph: _Graph, submit: _Submit, progress: Progress) -> None:
    under_way = submit(graph.resolve_ready())
    while under_way:
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            progress(under_way.pop(future))
            graph.learn(future.result())
        under_way |= submit(graph.resolve_ready())


def judge(
    steps: Iterable[Step],
    answers: Answers,
    scope: Scope,
    *,
    today: date,
    fail_on: Severity = Severity.ERROR,
    on_bug: OnBug,
) -> Report:
    """Compare each expectation with its evidence.

    Args:
        steps: The plan.
        answers: The answer to the query of each step.
        scope: The contract, with its suppressions.
        today: Suppressions are valid up to and including their last day.
        fail_on: Findings below this severity do not fail a step.
        on_bug: Turns a defect of a check into a finding, or raises it.
    """
    judged = [_judgement(step, answers[step.query], on_bug) for step in steps]
    accepted = [accept(each, scope.contract.suppress, today) for each in judged]
    return Report(
        tuple(each.settled(fail_on) for each in accepted),
        stale=tuple(stale(accepted, scope.contract.suppress, today)),
        fail_on=fail_on,
        contract=scope.contract.declared.source,
    )


def add_effects(report: Report, lineage: Answer[Lineage] | QueryFailure) -> Report:
    """Add to each finding its effects, as far as the lineage is known."""
    return with_effects(report, lineage.evidence) if isinstance(lineage, Answer) else report


class _Graph:
    """The questions that are open, and the answers so far."""

    def __init__(self, queries: Iterable[Query[Any]], on_bug: OnBug, known: Answers) -> None:
        self.on_bug = on_bug
        self.answers: dict[Query[Any], Answer[Any] | QueryFailure] = dict(known)
        self.open = dict.fromkeys(each for each in closure(queries) if each not in known)
        self.submitted: dict[Leaf[Any], list[Query[Any]]] = {}
        """The leaves that are asked, and the queries that each of them answers."""

    def learn(self, answers: Batch) -> None:
        for leaf, answer in answers.items():
            for query in (leaf, *self.submitted.get(leaf, ())):
                self._close(query, answer)

    def resolve_ready(self) -> list[Leaf[Any]]:
        """Resolve the queries whose parts are answered; parts come before what rests on them.

        Returns the leaves that are to be submitted now.
        """
        before = len(self.submitted)
        for query in tuple(self.open):
            parts = [self.answers[part] for part in query.parts() if part in self.answers]
            if len(parts) == len(query.parts()):
                del self.open[query]
                self._advance(query, _resolved(query, parts, self.on_bug))
        return list(self.submitted)[before:]

    def _advance(self, query: Query[Any], found: Leaf[Any] | Answer[Any] | QueryFailure) -> None:
        if not isinstance(found, Leaf):
            self._close(query, found)
        elif found in self.answers:
            self._close(query, self.answers[found])
        else:
            self.submitted.setdefault(found, []).append(query)

    def _close(self, query: Query[Any], answer: Answer[Any] | QueryFailure) -> None:
        parts = [self.answers[part] for part in query.parts()]
        self.answers[query] = (
            _with_caveats(answer, parts) if isinstance(answer, Answer) else answer
        )


def closure(queries: Iterable[Query[Any]]) -> Iterator[Query[Any]]:
    """Yield queries and all that they rest on; parts come first, and repeatedly."""
    for query in queries:
        yield from closure(query.parts())
        yield query


def _resolved(
    query: Query[Any], parts: Sequence[Answer[Any] | QueryFailure], on_bug: OnBug
) -> Leaf[Any] | Answer[Any] | QueryFailure:
    lost = [part for part in parts if isinstance(part, QueryFailure)]
    if lost and not (isinstance(query, Derived) and query.partial):
        failed = [each for each in lost if not each.declined]
        findings = (finding for each in failed for finding in each.findings)
        return QueryFailure(
            tuple(dict.fromkeys(findings)), declined="" if failed else lost[0].declined
        )
    try:
        if isinstance(query, Derived):
            return query.derive(*parts)
        return query.to_leaf(*parts) if isinstance(query, Dependent) else cast("Leaf[Any]", query)
    except ToolkitError as error:
        return QueryFailure(error.findings)
    except Exception as error:
        return QueryFailure((on_bug(type(query).__name__, error),))


def _with_caveats(answer: Answer[Any], parts: Iterable[Answer[Any] | QueryFailure]) -> Answer[Any]:
    """The caveats of the parts are caveats of what rests on them."""
    known = [part for part in parts if isinstance(part, Answer)]
    caveats = dict.fromkeys(each for one in (*known, answer) for each in one.caveats)
    provisional = {name: why for one in known for name, why in one.provisional.items()}
    return replace(
        answer, caveats=tuple(caveats), provisional={**provisional, **answer.provisional}
    )


def _ask(
    leaves: Iterable[Leaf[Any]],
    connectors: Iterable[Connector],
    pool: ThreadPoolExecutor,
    on_bug: OnBug,
) -> Iterator[tuple[Future[Batch], str]]:
    by_system = grouped((leaf.system, leaf) for leaf in leaves)
    known = {connector.system: connector for connector in connectors}
    for system, batch in by_system.items():
        connector = known.get(system, _MissingConnector(system))
        yield pool.submit(_answered, connector, batch, on_bug), system


def _answered(connector: Connector, batch: Sequence[Leaf[Any]], on_bug: OnBug) -> Batch:
    try:
        return connector.answer(batch)
    except Exception as error:
        finding = on_bug(f"connector {connector.system}", error)
        return dict.fromkeys(batch, QueryFailure((finding,)))


@dataclass(frozen=True, slots=True)
class _MissingConnector:
    """Answers for a system that no connector reaches in this run."""

    system: str

    def answer(self, queries: Sequence[Leaf[Any]]) -> Batch:
        finding = Finding(
            what=f"no connection to {self.system} is configured",
            where=Location("targets"),
            why="this run reaches no such system",
            fix=f"run `toolkit doctor` to see what reaches {self.system}.",
        )
        return dict.fromkeys(queries, QueryFailure((finding,)))

    def close(self) -> None:
        """Nothing is ever under way."""


def _judgement(step: Step, answer: Answer[Any] | QueryFailure, on_bug: OnBug) -> Judgement:
    """Judge one step; the verdict is final unless something is found, unproven or accepted."""
    if isinstance(answer, QueryFailure):
        if answer.declined:
            return Judgement(step, Verdict.NOT_RUN, origin=answer.declined)
        return Judgement(step, Verdict.PASS, unproven=answer.findings)
    looked = Judgement(
        step, Verdict.PASS, origin=answer.origin, sampled=answer.sampled, unit=answer.unit
    )
    if not answer.sampled and answer.promised:
        return replace(looked, unproven=(_nothing(step, answer), *answer.caveats))
    if not answer.sampled:
        return replace(looked, verdict=Verdict.NOT_APPLICABLE, unproven=answer.caveats)
    said = [_settled(each, answer) for each in _said(step, answer.evidence, on_bug)]
    found = (each for each in said if isinstance(each, Finding))
    return replace(
        looked,
        findings=tuple(
            replace(each, severity=each.severity or step.check.severity) for each in found
        ),
        unproven=(*(e.finding for e in said if isinstance(e, Unproven)), *answer.caveats),
    )


def _settled(said: Finding | Unproven, answer: Answer[Any]) -> Finding | Unproven:
    """Return a finding as unproven if its file is changed before it is used."""
    reason = isinstance(said, Finding) and answer.provisional.get(said.where.source)
    if not isinstance(said, Finding) or not reason or said.severity is Severity.INFO:
        return said
    return Unproven(replace(said, why=f"{said.why}; {reason}"))


def _said(step: Step, evidence: Any, on_bug: OnBug) -> Iterator[Finding | Unproven]:
    """Yield the results of the check; where it cannot go on, the reason."""
    try:
        yield from step.check.judge(step.expectation, evidence)
    except ToolkitError as error:
        yield from map(Unproven, error.findings)
    except Exception as error:
        yield Unproven(on_bug(step.name, error))


def _nothing(step: Step, answer: Answer[Any]) -> Finding:
    return Finding(
        what=f"no {answer.unit} to look at",
        where=step.expectation.declared,
        why=f"{answer.origin} gave no {answer.unit}, so nothing was verified",
        fix=f"add {answer.unit}, or remove this expectation.",
    )


def report_bug(what: str, error: Exception) -> Finding:
    """Report that the toolkit itself, or a package that extends it, failed: nothing is known."""
    culprit = raised_in(error) or "the toolkit"
    return Finding(
        what=f"bug in {culprit}: {type(error).__name__}: {error}",
        where=Location(what),
        why=f"{culprit} itself failed here, so nothing is known",
        fix="report it with the command and its input; run with `TOOLKIT_RAISE=1` for the trace.",
    )

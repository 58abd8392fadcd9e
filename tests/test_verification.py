"""The flow: what is planned, asked once, derived, judged, and what becomes of failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, NoReturn

import pytest

from toolkit.errors import InputError
from toolkit.findings import Finding, Location, Severity, Unproven
from toolkit.model.checks import Check
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import (
    Answer,
    Dependent,
    Derived,
    Leaf,
    Pair,
    Query,
    QueryFailure,
    Recordable,
    Unanswerable,
)
from toolkit.model.report import Report, Verdict, worst
from toolkit.verification import gather, plan, report_bug, verify

HERE = Location("toolkit.yml", 1, 1)
BROKEN = Finding("broken", HERE, "because", "mend it.")
BLIND = Finding("cannot look", HERE, "because", "look.")


@dataclass(frozen=True)
class Words(Recordable):
    words: tuple[str, ...]


@dataclass(frozen=True)
class Asked(Leaf[Words]):
    """A leaf of the system ``books``."""

    system: ClassVar[str] = "books"
    evidence: ClassVar[type[Recordable]] = Words
    key: str = "words"


@dataclass(frozen=True)
class Count(Derived[int]):
    of: Query[Words]

    def derive(self, of: Answer[Words]) -> Answer[int]:
        if of.evidence.words == ("unreadable",):
            raise InputError(BLIND)
        if of.evidence.words == ("surprise",):
            raise RuntimeError("boom")
        return Answer(len(of.evidence.words), of.origin, of.sampled, of.unit)


@dataclass(frozen=True)
class Whatever(Derived[int]):
    """Counts the parts that are answered."""

    partial: ClassVar[bool] = True
    of: tuple[Query[Any], ...] = ()

    def derive(self, *of: Answer[Any] | QueryFailure) -> Answer[int]:
        count = sum(isinstance(each, Answer) for each in of)
        return Answer(count, "what there is", len(of), "parts")


@dataclass(frozen=True)
class Further(Dependent[Words]):
    """Asks for the words that other words name."""

    of: Query[Words]

    def to_leaf(self, of: Answer[Words]) -> Asked:
        if of.evidence.words == ("unreadable",):
            raise InputError(BLIND)
        return Asked("-".join(of.evidence.words))


@dataclass
class Books:
    """Answers with some words, and remembers what it was asked."""

    words: tuple[str, ...] = ("a", "b")
    sampled: int = 2
    refuses: bool = False
    breaks: bool = False
    caveats: tuple[Finding, ...] = ()
    asked: list[Sequence[Leaf[Any]]] = field(default_factory=list)
    closed: bool = False
    system: str = "books"

    def answer(
        self, queries: Sequence[Leaf[Any]]
    ) -> Mapping[Leaf[Any], Answer[Any] | QueryFailure]:
        self.asked.append(queries)
        if self.breaks:
            raise RuntimeError("boom")
        return {query: self._answer() for query in queries}

    def _answer(self) -> Answer[Any] | QueryFailure:
        if self.refuses:
            return QueryFailure((BLIND,))
        return Answer(Words(self.words), "a shelf", self.sampled, "words", self.caveats)

    def close(self) -> None:
        self.closed = True


def check(
    *said: Finding | Unproven,
    query: Query[Any] | None = None,
    severity: Severity = Severity.ERROR,
    judge: Callable[[Any, Any], Iterable[Finding | Unproven]] | None = None,
    name: str = "logs/some-check",
) -> Check[Any, Any]:
    """A check of `LogExpectation` that says ``said``."""
    asked = query or Count(Asked())
    return Check(
        id=name,
        severity=severity,
        expects=LogExpectation,
        queries=lambda expected, scope: {"": asked},
        judge=judge or (lambda expected, observed: said),
        doc="",
    )


SCOPE = Scope(
    Contract(declared=HERE, logs=(LogExpectation(declared=HERE, name="requests"),)),
)


def run(*checks: Check[Any, Any], books: Books | None = None, **options: Any) -> Report:
    return verify(SCOPE, checks, [books or Books()], today=date(2026, 1, 10), **options)


def only(report: Report) -> Any:
    (judgement,) = report.judgements
    return judgement


def test_a_check_that_says_nothing_passes() -> None:
    judgement = only(run(check()))
    assert (judgement.verdict, judgement.sampled, judgement.unit) == (Verdict.PASS, 2, "words")
    assert judgement.origin == "a shelf"


def test_a_finding_fails_with_the_severity_of_the_check() -> None:
    judgement = only(run(check(BROKEN)))
    assert judgement.verdict is Verdict.FAIL
    assert judgement.findings[0].severity is Severity.ERROR


def test_findings_below_the_threshold_are_kept_and_do_not_fail() -> None:
    warning = check(BROKEN, severity=Severity.WARNING)
    assert only(run(warning)).verdict is Verdict.PASS
    assert only(run(warning)).findings[0].severity is Severity.WARNING
    assert only(run(warning, fail_on=Severity.WARNING)).verdict is Verdict.FAIL
    assert only(run(warning, fail_on=Severity.INFO)).verdict is Verdict.FAIL


def test_a_finding_can_weigh_less_than_its_check() -> None:
    lighter = Finding("odd", HERE, "because", "look.", severity=Severity.INFO)
    assert only(run(check(lighter))).verdict is Verdict.PASS


def test_what_a_check_cannot_prove_is_unproven() -> None:
    judgement = only(run(check(Unproven(BLIND))))
    assert (judgement.verdict, judgement.unproven) == (Verdict.UNPROVEN, (BLIND,))


def test_a_finding_goes_before_something_unproven() -> None:
    assert only(run(check(Unproven(BLIND), BROKEN))).verdict is Verdict.FAIL


def test_nothing_sampled_proves_nothing() -> None:
    judgement = only(run(check(), books=Books(sampled=0)))
    assert judgement.verdict is Verdict.UNPROVEN
    assert judgement.unproven[0].what == "no words to look at"


def test_doubts_about_a_part_reach_what_rests_on_it() -> None:
    judgement = only(run(check(), books=Books(caveats=(BLIND,))))
    assert (judgement.verdict, judgement.unproven) == (Verdict.UNPROVEN, (BLIND,))


@pytest.mark.parametrize(
    ("books", "what"),
    [
        (Books(refuses=True), "cannot look"),
        (Books(words=("unreadable",)), "cannot look"),
        (Books(words=("surprise",)), "bug in the toolkit: RuntimeError: boom"),
        (Books(breaks=True), "bug in the toolkit: RuntimeError: boom"),
        (Books(system="elsewhere"), "no connection to books is configured"),
    ],
    ids=["refused", "unreadable", "bug in a query", "bug in a connector", "nobody"],
)
def test_what_has_no_answer_is_unproven_with_the_reason(books: Books, what: str) -> None:
    judgement = only(run(check(), books=books))
    assert judgement.verdict is Verdict.UNPROVEN
    assert [finding.what for finding in judgement.unproven] == [what]


def judge_badly(expected: object, observed: object) -> Iterator[Finding]:
    raise ZeroDivisionError("by zero")
    yield BROKEN


def test_a_check_that_crashes_is_a_bug_and_the_others_are_judged() -> None:
    report = run(check(judge=judge_badly), check(BROKEN, name="logs/other"))
    crashed, other = report.judgements
    assert crashed.verdict is Verdict.UNPROVEN
    assert crashed.unproven[0].what == "bug in the toolkit: ZeroDivisionError: by zero"
    assert str(crashed.unproven[0].where) == "logs/some-check[requests]"
    assert other.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("crashing", "books"),
    [
        (check(judge=judge_badly), Books()),
        (check(), Books(words=("surprise",))),
        (check(), Books(breaks=True)),
    ],
    ids=["check", "query", "connector"],
)
def test_bugs_raise_where_they_are_wanted(crashing: Check[Any, Any], books: Books) -> None:
    def raise_it(what: str, error: Exception) -> NoReturn:
        raise error

    with pytest.raises((ZeroDivisionError, RuntimeError)):
        run(crashing, books=books, on_bug=raise_it)


def test_equal_questions_are_asked_once_and_in_one_batch() -> None:
    books = Books()
    same = check(query=Pair(Count(Asked()), Count(Asked("others"))))
    run(same, check(), check(query=Count(Asked("others"))), books=books)
    (batch,) = books.asked
    assert sorted(query.key for query in batch) == ["others", "words"]


def test_two_answers_side_by_side_count_the_scarcer_one() -> None:
    some, none = Answer(1, "here", 5, "lines"), Answer(2, "there", 0, "series")
    both = Pair(Count(Asked()), Count(Asked())).derive(some, none)
    assert (both.evidence, both.sampled, both.unit) == ((1, 2), 0, "series")


def test_a_run_that_is_broken_off_closes_its_connectors() -> None:
    def interrupt(system: str) -> NoReturn:
        raise KeyboardInterrupt

    books = Books()
    with pytest.raises(KeyboardInterrupt):
        gather([Asked()], [books], interrupt, report_bug)
    assert books.closed


def test_progress_hears_each_system_once() -> None:
    heard: list[str] = []
    gather([Count(Asked()), Asked("more")], [Books()], heard.append, report_bug)
    assert heard == ["books"]


def test_steps_are_named_after_check_expectation_and_source() -> None:
    sourced = Check(
        id="logs/x",
        severity=Severity.ERROR,
        expects=LogExpectation,
        queries=lambda expected, scope: {"samples": Asked(), "service": Asked()},
        judge=lambda expected, observed: (),
        doc="",
    )
    names = [step.name for step in plan(SCOPE, [sourced, check()])]
    assert names == [
        "logs/x[requests, samples]",
        "logs/x[requests, service]",
        "logs/some-check[requests]",
    ]


def test_a_check_of_other_promises_is_not_planned() -> None:
    assert plan(Scope(Contract(declared=HERE)), [check()]) == ()


def test_a_report_of_nothing_proves_nothing() -> None:
    assert run().verdict is Verdict.UNPROVEN
    assert worst([Verdict.PASS, Verdict.UNPROVEN, Verdict.FAIL]) is Verdict.FAIL


def settle(query: Query[Any], books: Books) -> Answer[Any] | QueryFailure:
    return gather([query], [books], lambda system: None, report_bug)[query]


def test_a_dependent_question_is_put_once_what_words_it_is_known() -> None:
    books, further = Books(caveats=(BLIND,)), Further(Asked())
    answers = gather([Count(further), further], [books], lambda system: None, report_bug)
    assert [[leaf.key for leaf in batch] for batch in books.asked] == [["words"], ["a-b"]]
    assert isinstance(counted := answers[Count(further)], Answer)
    assert (counted.evidence, counted.caveats) == (2, (BLIND,))


def test_a_dependent_question_that_turns_out_to_be_known_is_not_put_again() -> None:
    books = Books(words=("words",))
    assert isinstance(settle(Further(Asked()), books), Answer)
    assert len(books.asked) == 1
    assert isinstance(settle(Further(Further(Asked("first"))), books), Answer)
    assert [leaf.key for batch in books.asked[1:] for leaf in batch] == ["first", "words"]


@pytest.mark.parametrize("books", [Books(refuses=True), Books(words=("unreadable",))], ids=str)
def test_a_dependent_question_that_cannot_be_worded_has_no_answer(books: Books) -> None:
    assert settle(Count(Further(Asked())), books) == QueryFailure((BLIND,))
    assert len(books.asked) == 1


def test_what_may_be_partial_is_settled_without_the_parts_that_have_no_answer() -> None:
    whole = Whatever((Asked(), Asked("more"), Whatever()))
    for connector, count in ((Books(), 3), (Books(refuses=True), 1)):
        answers = gather([whole], [connector], lambda system: None, report_bug)
        answer = answers[whole]
        assert isinstance(answer, Answer)
        assert answer.evidence == count


def test_the_parts_of_a_query_are_the_queries_among_its_fields() -> None:
    first, second, third = Count(Asked("a")), Count(Asked("b")), Asked("c")
    assert Whatever((first, third)).parts() == (first, third)
    assert Pair(first, second).parts() == (first, second)
    assert Pair(first, second) == Pair(Count(Asked("a")), Count(Asked("b")))
    assert third.parts() == ()
    finding = Finding("nothing", Location("x"), "because", "add it.")
    known: Query[int] = Unanswerable(finding)
    assert known.parts() == ()


def test_what_is_known_to_have_no_answer_is_unproven() -> None:
    finding = Finding("nothing", Location("x"), "because", "add it.")
    query: Query[int] = Unanswerable(finding)
    assert gather([query], [], lambda system: None, report_bug)[query] == QueryFailure((finding,))

"""pytest collects contracts: every step of a `toolkit.yml` is an item.

Entry point ``pytest11``. UNPROVEN fails with its reason unless the contract accepts it; it is
never skipped, as what the tree has nothing of is. The fixtures below serve a service's own tests.

It is loaded in every project that has the distribution installed. So it imports `toolkit` only
where a contract is collected, or a fixture asked for, and not where the project has a package
of that name: then it says so in a warning, which no filter of warnings turns into an error.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from telemetry_contract import neighbour

if TYPE_CHECKING:
    from toolkit.connectors import Connector
    from toolkit.evidence.service.traffic import Traffic
    from toolkit.model.baseline import KnownFinding
    from toolkit.model.checks import Step
    from toolkit.model.contract import Contract, Scope
    from toolkit.model.lineage import Lineage
    from toolkit.model.queries import Answers, Query
    from toolkit.prometheus.exposition import Exposition

Events = list[list[Mapping[str, Any]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option and the setting of a baseline."""
    text = "Baseline of `toolkit verify`, whose findings are accepted."
    group = parser.getgroup("telemetry-contract")
    group.addoption("--toolkit-baseline", metavar="FILE", help=text)
    parser.addini("toolkit_baseline", help=text, default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect files called ``toolkit.yml`` or ``*.toolkit.yml``."""
    if file_path.name != "toolkit.yml" and not file_path.name.endswith(".toolkit.yml"):
        return None
    if why := _not_here(parent.config, file_path):
        _warn(parent.config, f"{_shown(file_path)} is not tested: {why}")
        return None
    file: pytest.Collector = ContractFile.from_parent(parent, path=file_path)
    return file


def _not_here(config: pytest.Config, contract: Path) -> str | None:
    """The reason why no contract can be tested in this process; None if one can."""
    found = neighbour((contract.parent, config.rootpath, config.rootpath / "src"))
    if found is None:
        return None
    return (
        f"`toolkit` is another package here ({found}), and hides that of telemetry-contract; "
        f"run `toolkit verify {_shown(contract)}` instead"
    )


def _warn(config: pytest.Config, text: str) -> None:
    """Warn in the summary, from workers too; unlike `warnings.warn` it never raises."""
    warning = pytest.PytestWarning(text)
    message = warnings.WarningMessage(warning, type(warning), "telemetry-contract", 1)
    config.hook.pytest_warning_recorded.call_historic(
        kwargs={"warning_message": message, "when": "collect", "nodeid": "", "location": None}
    )


class ContractFile(pytest.File):
    """A contract; its steps are looked at together, when the first of them runs."""

    answers: Answers | None = None
    baseline: Sequence[KnownFinding] = ()
    scope: Scope
    graph: Query[Lineage]
    """The lineage of the contract."""

    def collect(self) -> Iterator[StepItem]:
        """Yield one item for each step of the plan."""
        from toolkit.checks import checks_for
        from toolkit.verification import plan

        self.scope = _scope(self.path)
        self.baseline = _baseline(self.config)
        names: dict[str, int] = {}
        for step in plan(self.scope, checks_for(self.scope.contract)):
            names[step.name] = names.get(step.name, 0) + 1
            number = f"#{names[step.name]}" if names[step.name] > 1 else ""
            name = step.name + number
            # pytest tells what is in brackets from the name, if it may parse the whole id.
            item = StepItem.from_parent(self, name=name, nodeid=f"{self.nodeid}::{name}")
            item.step = step
            yield item

    def gathered(self) -> Answers:
        """The answers to the questions of all selected items of this file, gathered once."""
        if self.answers is None:
            from toolkit.evidence.lineage import lineage

            self.graph = lineage(self.scope)
            items = [item for item in self.session.items if item.parent is self]
            queries = [item.step.query for item in items if isinstance(item, StepItem)]
            self.answers = _gather([*queries, self.graph], self.path)
        return self.answers

    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str:
        """Print what is wrong with the contract instead of a traceback."""
        return _in_words(excinfo) or str(super().repr_failure(excinfo))


class StepItem(pytest.Item):
    """One check of one promise."""

    step: Step
    parent: ContractFile

    def runtest(self) -> None:
        """Judge the step; raises `StepFailed` unless it passes or is accepted."""
        from datetime import date

        from toolkit.model.baseline import accept_known
        from toolkit.model.report import Verdict
        from toolkit.reports.text import render_acceptance
        from toolkit.verification import add_effects, judge, report_bug

        answers, scope = self.parent.gathered(), self.parent.scope
        judged = judge([self.step], answers, scope, today=date.today(), on_bug=report_bug)
        report = add_effects(judged, answers[self.parent.graph])
        (judgement,) = accept_known(report, self.parent.baseline).judgements
        accepted = "\n".join(map(render_acceptance, judgement.accepted))
        self.add_report_section("call", "accepted", accepted)
        if judgement.verdict is Verdict.NOT_APPLICABLE:
            pytest.skip(f"there are no {judgement.unit} to look at")
        if judgement.verdict is not Verdict.PASS:
            from toolkit.reports.text import render_judgement

            raise StepFailed(render_judgement(judgement))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The place of the promise in the contract."""
        line = self.step.expectation.declared.line
        return self.path, None if line is None else line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """Print the findings of the step."""
        if isinstance(excinfo.value, StepFailed):
            return str(excinfo.value)
        return _in_words(excinfo) or str(super().repr_failure(excinfo, style))


class StepFailed(Exception):
    """A promise is broken, or could not be looked at; the message says why."""


def _in_words(excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    """Render an error of the toolkit in its four parts; empty for other errors."""
    from toolkit.errors import ToolkitError
    from toolkit.reports.terminal.finding import render_finding, sign_of

    if not isinstance(excinfo.value, ToolkitError):
        return ""
    sign = sign_of(excinfo.value)
    return "\n".join(render_finding(each, sign=sign) for each in excinfo.value.findings)


def _scope(path: Path) -> Scope:
    import time

    from toolkit.contract import parse_contract
    from toolkit.model.contract import Scope

    name = _shown(path)
    contract = parse_contract(path.read_text("utf-8-sig"), source=name)
    return Scope(contract, Path(name).parent.as_posix(), time.time_ns())


def _baseline(config: pytest.Config) -> Sequence[KnownFinding]:
    """The entries of the baseline of the call, or of the configuration."""
    from toolkit.cli._baseline import BaselineFile

    if given := config.getoption("toolkit_baseline"):
        path = Path(str(given))
    elif setting := config.getini("toolkit_baseline"):
        path = config.rootpath / str(setting)
    else:
        return ()
    return BaselineFile.read(Path(_shown(path.absolute())), update=False).entries


def _shown(path: Path) -> str:
    """The path as people see it: relative to where they are, if it is below."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def _gather(queries: Sequence[Query[Any]], path: Path) -> Answers:
    from toolkit.connectors.files import FileSystem
    from toolkit.connectors.service import LocalService
    from toolkit.verification import gather, report_bug

    folder = Path(_shown(path)).parent
    connectors: list[Connector] = [FileSystem(folder), LocalService(folder)]
    return gather(queries, connectors, lambda system: None, report_bug)


@pytest.fixture(scope="session")
def toolkit_contract(pytestconfig: pytest.Config) -> Path:
    """The contract the other fixtures rest on; override it to name another."""
    return pytestconfig.rootpath / "toolkit.yml"


@pytest.fixture(scope="session")
def _toolkit_scope(toolkit_contract: Path, pytestconfig: pytest.Config) -> Scope:
    if why := _not_here(pytestconfig, toolkit_contract):
        pytest.fail(why, pytrace=False)
    return _scope(toolkit_contract)


@pytest.fixture(scope="session")
def _toolkit_traffic(_toolkit_scope: Scope, toolkit_contract: Path) -> Traffic:
    """One run of the contract's service; shared by the tests of a session."""
    from toolkit.evidence.service.traffic import ServiceRun

    service = _toolkit_scope.contract.service
    if service is None:
        pytest.fail(f"{toolkit_contract} has no `service:` to run")
    traffic: Traffic = _answer(ServiceRun(service), toolkit_contract)
    return traffic


def _answer(query: Query[Any], path: Path) -> Any:
    from toolkit.model.queries import QueryFailure
    from toolkit.reports.terminal.finding import UNPROVEN, render_finding

    answer = _gather([query], path)[query]
    if isinstance(answer, QueryFailure):
        said = (render_finding(each, sign=UNPROVEN) for each in answer.findings)
        pytest.fail("\n".join(said), pytrace=False)
    return answer.evidence


@pytest.fixture(scope="session")
def toolkit_log_lines(_toolkit_traffic: Traffic) -> list[str]:
    """The lines the contract's service wrote while it was started and sent its requests."""
    return _toolkit_traffic.log.decode("utf-8", "replace").splitlines()


@pytest.fixture(scope="session")
def toolkit_exposition(_toolkit_traffic: Traffic) -> Exposition:
    """The metrics that the contract's service exports after its requests."""
    from toolkit.prometheus.exposition import parse_exposition

    if not _toolkit_traffic.scrapes:
        pytest.fail("the contract's service has no `metrics:` to scrape")
    return parse_exposition(_toolkit_traffic.scrapes[-1], source="/metrics")


@pytest.fixture
def toolkit_events(
    _toolkit_scope: Scope, toolkit_contract: Path
) -> Callable[[Sequence[str]], Events]:
    """Send lines through the contract's first pipeline: a list of events for each line.

    Each line is one event, with the fields that the contract and its shipper add; an event that
    is dropped is an empty list. Fails where the pipeline would not start, or where a
    line reaches what is not emulated and has no stand-in.
    """
    contract = _toolkit_scope.contract

    def events(lines: Sequence[str]) -> Events:
        from toolkit.evidence.logs.events import EventsOf
        from toolkit.evidence.logs.joining import joining
        from toolkit.evidence.logs.lines import GivenLines
        from toolkit.evidence.logs.pipelines import pipeline
        from toolkit.model.frozen import FrozenMapping

        expected = _first(contract).logs[0]
        through = pipeline(expected, _toolkit_scope)
        if through is None:
            pytest.fail("the contract's first `logs:` entry names no `pipeline:`")
        given = GivenLines(tuple(lines), shipper=joining(expected, _toolkit_scope))
        query = EventsOf(given, through, FrozenMapping(expected.event), _toolkit_scope.now)
        found = _answer(query, toolkit_contract)
        if len(found.records) != len(lines):
            pytest.fail("a line reached what is not emulated: run `toolkit trace` on it")
        for doubt in found.doubts.all:
            pytest.fail(f"{doubt.what} ({doubt.where}): {doubt.fix}")
        return [list(record.events) for record in found.records]

    return events


def _first(contract: Contract) -> Contract:
    if not contract.logs:
        pytest.fail("the contract has no `logs:`")
    return contract

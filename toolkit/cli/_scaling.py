"""The two parts of `toolkit scale`: checks without load, then a run under load."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from toolkit.checks import checks_for
from toolkit.checks.autoscaling._run import LOADS
from toolkit.cli._bugs import on_bug
from toolkit.cli._contract import read_scope
from toolkit.cli._evidence import answers_to
from toolkit.cli._files import write_file
from toolkit.cli._output import recording
from toolkit.cli._progress import passing_line
from toolkit.cli._scaling_backend import ScalingBackend
from toolkit.cli._signals import terminable
from toolkit.connectors.recording import replayed
from toolkit.errors import ContractError
from toolkit.evidence.autoscaling.scaling import Scaled
from toolkit.findings import Finding, Location
from toolkit.model.checks import Check
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Answer
from toolkit.model.report import Report
from toolkit.reports.scaling import html
from toolkit.reports.scaling.timeline import row
from toolkit.reports.text import render
from toolkit.verification import judge, plan, verify


def scaling_scope(contract: Path, *, starts: bool, systems: frozenset[str]) -> Scope:
    """Read a contract; a missing section `scaling` gets its defaults.

    Args:
        contract: Path of the contract.
        starts: Whether the service is started here.
        systems: Live systems besides the run itself, such as ``kubernetes``.

    Raises:
        ContractError: It has no manifests, or no service to start.
    """
    scope = read_scope(contract)
    given = scope.contract
    if given.kubernetes is None:
        raise ContractError(_missing(given.declared, "kubernetes"))
    if starts and given.service is None:
        raise ContractError(_missing(given.declared, "service"))
    scaling = given.scaling or ScalingExpectation(declared=given.declared)
    return replace(
        scope,
        contract=replace(given, scaling=scaling, suppress=()),
        live=frozenset({"scaling"}) | systems,
    )


def verify_without_load(scope: Scope, backend: ScalingBackend) -> Report:
    """Run the checks that need no load: manifests, and the cluster if there is one."""
    checks = [each for each in checks_for(scope.contract, _looks_at_manifests) if not _loads(each)]
    with terminable():
        return verify(scope, checks, backend.observers, today=date.today(), on_bug=on_bug)


def with_warnings(looked: Report | None, run: Report) -> Report:
    """Add the findings of the checks without load to the report of a run."""
    warned = [each for each in looked.judgements if each.findings] if looked else []
    return replace(run, judgements=(*warned, *run.judgements))


def verify_under_load(
    scope: Scope, backend: ScalingBackend, record: Path | None, replay: Path | None
) -> tuple[Scaled | None, Report]:
    """Put load on the service, and judge what was observed.

    Args:
        scope: The contract.
        backend: Creates the connectors that put load on the service.
        record: File for a recording of the run.
        replay: A recording to judge instead; nothing is started.

    Returns:
        The run, or None if it could not be observed, and the report.

    Raises:
        UsageError: ``record`` cannot be written, or ``replay`` is no recording.
    """
    checks = [each for each in checks_for(scope.contract) if _loads(each)]
    steps = plan(scope, checks)
    with terminable(), passing_line("starting …") as show:
        driven = backend.drivers(lambda *synced: show(row(*synced)))
        asked = driven if replay is None else replayed(replay)
        connectors = recording(asked, record)
        answers = answers_to((each.query for each in steps), connectors)
    found = (each.evidence for each in answers.values() if isinstance(each, Answer))
    seen = next((each for each in found if isinstance(each, Scaled)), None)
    return seen, judge(steps, answers, scope, today=date.today(), on_bug=on_bug)


def write_timeline(seen: Scaled, report: Report, path: Path) -> None:
    """Write all syncs of a run.

    Args:
        seen: The run.
        report: The verdict, which a page shows as well.
        path: HTML with plots if it ends in ``.html``, else JSON.

    Raises:
        UsageError: The file cannot be written.
    """
    if path.suffix == ".html":
        text = html.render(seen, render(report))
    else:
        text = json.dumps(asdict(seen), indent=2, ensure_ascii=False) + "\n"
    write_file(path, text)


def _loads(check: Check[Any, Any]) -> bool:
    return check.queries in LOADS


def _looks_at_manifests(check: str) -> bool:
    return check.startswith("autoscaling/") or check == "manifests/selector-mismatch"


def why_and_replay() -> Finding:
    """Return the finding for a call with both options."""
    return Finding(
        what="`--why` and `--replay` exclude each other",
        where=Location("command line"),
        why="`--why` needs no load, and a recording holds a run under load",
        fix="give one of the two.",
    )


def _missing(declared: Location, section: str) -> Finding:
    return Finding(
        what=f"the contract has no section `{section}`",
        where=declared,
        why="the manifests hold the autoscaler, and `service:` starts what it scales",
        fix=f"add `{section}:` to the contract.",
    )

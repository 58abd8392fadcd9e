"""`toolkit scale --simulate`: HPA decisions for given load traces, without a cluster."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

from toolkit.checks import checks_for
from toolkit.checks.autoscaling._run import LOADS
from toolkit.cli._bugs import on_bug
from toolkit.cli._contract import read_scope
from toolkit.cli._evidence import answers_to
from toolkit.cli._files import write_file
from toolkit.connectors.files import FileSystem
from toolkit.errors import ContractError, UsageError
from toolkit.evidence.autoscaling.hpa_simulation import Simulations, SimulationsOf
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import read_manifests
from toolkit.model.contract import Contract, Scope
from toolkit.model.expectations.kubernetes import KubernetesExpectation
from toolkit.model.expectations.scaling import ScalingExpectation, cpu_seconds
from toolkit.model.queries import Answer, Answers
from toolkit.model.report import Report
from toolkit.reports.scaling.simulation import as_data, page
from toolkit.reports.text import render
from toolkit.verification import judge, plan


def simulate(
    path: Path, traces: Sequence[Path], cost: str | None
) -> tuple[Simulations | None, Report]:
    """Simulate the autoscaler under each trace, and judge the expectations on it.

    Args:
        path: A contract, or a manifest with an autoscaler.
        traces: Load traces.
        cost: CPU of one request, such as ``15ms``; default: that of the contract.

    Returns:
        The simulations, or None if something is missing for them, and the report.

    Raises:
        ContractError: The contract has no manifests.
        UsageError: ``cost`` is no time.
        InputError: A trace is malformed.
    """
    scope = _scope(path)
    scope = replace(scope, contract=_with(scope, traces, _checked(cost)))
    checks = [each for each in checks_for(scope.contract) if each.expects is ScalingExpectation]
    steps = plan(scope, [each for each in checks if each.queries not in LOADS])
    connectors = [FileSystem(Path(scope.folder))]
    answers = answers_to((each.query for each in steps), connectors)
    query = next(step.query for step in steps if isinstance(step.query, SimulationsOf))
    return _seen(query, answers), judge(steps, answers, scope, today=date.today(), on_bug=on_bug)


def _seen(query: SimulationsOf, answers: Answers) -> Simulations | None:
    """Return the simulations; raises the error of a trace, since the call names it."""
    found = answers[query]
    if isinstance(found, Answer):
        return cast(Simulations, found.evidence)
    parts = [answers[part] for part in query.parts()]
    if all(isinstance(part, Answer) for part in parts):
        query.derive(*parts)  # type: ignore[arg-type]
    return None


def write_simulation(seen: Simulations, report: Report, path: Path) -> None:
    """Write all syncs of the simulations.

    Args:
        seen: The simulations.
        report: The verdict, which a page shows as well.
        path: HTML with plots if it ends in ``.html``, else JSON.

    Raises:
        UsageError: The file cannot be written, or HTML would have to show several traces.
    """
    if path.suffix != ".html":
        text = json.dumps(as_data(seen), indent=2, ensure_ascii=False) + "\n"
    elif len(seen.runs) == 1:
        text = page(seen, seen.runs[0], render(report))
    else:
        raise UsageError(_one_a_page(path, len(seen.runs)))
    write_file(path, text)


def _one_a_page(path: Path, traces: int) -> Finding:
    return Finding(
        what=f"{traces} traces do not fit on the page `{path}`",
        where=Location("command line"),
        why="an HTML page shows the plots of one trace",
        fix="simulate them one by one, or name a file that ends in `.json`.",
    )


def _scope(path: Path) -> Scope:
    if not _is_manifest(path):
        scope = read_scope(path)
        if scope.contract.kubernetes is None:
            raise ContractError.of(
                what="the contract has no section `kubernetes`",
                where=scope.contract.declared,
                why="the manifests hold the autoscaler",
                fix="add `kubernetes: {manifests: …}`, or give the manifest instead of the "
                "contract.",
            )
        return scope
    declared = Location(path.as_posix())
    kubernetes = KubernetesExpectation(declared=declared, manifests=(path.as_posix(),))
    return Scope(Contract(declared=declared, kubernetes=kubernetes))


def _is_manifest(path: Path) -> bool:
    """Return True if a file holds a Kubernetes object."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return bool(read_manifests(text, source=path.as_posix()).found)


def _with(scope: Scope, traces: Sequence[Path], cost: str | None) -> Contract:
    """Return the contract with these traces instead of its own."""
    given = scope.contract
    scaling = given.scaling or ScalingExpectation(declared=given.declared)
    paths = tuple(_seen_from(scope.folder, each) for each in traces)
    scaling = replace(scaling, traces=paths, cost=cost or scaling.cost)
    return replace(given, scaling=scaling, suppress=())


def _seen_from(folder: str, path: Path) -> str:
    """Return a path relative to the contract's folder; in full if it is elsewhere."""
    inside = os.path.relpath(path, folder or ".")
    if inside.startswith(os.pardir):
        return path.as_posix() if not folder else path.resolve().as_posix()
    return inside


def _checked(cost: str | None) -> str | None:
    try:
        if cost is not None:
            cpu_seconds(cost)
    except ValueError as error:
        where = Location("command line")
        finding = Finding(str(error), where, "it is the CPU of one request", "write `15ms`.")
        raise UsageError(finding) from error
    return cost

"""What `toolkit scale` asks: first the manifests alone, then a run under load."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from toolkit.checks import checks_for
from toolkit.checks.autoscaling._run import LOADS
from toolkit.cli._bugs import on_bug
from toolkit.cli._contract import read_scope
from toolkit.cli._output import not_written
from toolkit.cli._places import Place
from toolkit.cli._signals import terminable
from toolkit.connectors import Connector
from toolkit.connectors.recording import recorded, replayed
from toolkit.errors import ContractError, UsageError
from toolkit.evidence.autoscaling.scaling import Moment, Scaled
from toolkit.findings import Finding, Location
from toolkit.model.checks import Check
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation
from toolkit.model.queries import Answer
from toolkit.model.report import Report
from toolkit.reports.scaling import html
from toolkit.reports.scaling.timeline import row
from toolkit.reports.text import render
from toolkit.verification import gather, judge, plan, verify


def promised(contract: Path, *, starts: bool, systems: frozenset[str]) -> Scope:
    """The contract at a path; its section `scaling` has its defaults where there is none.

    ``starts`` says that the service is started here. Raises `ContractError` where the contract
    has no manifests, or no service to start.
    """
    scope = read_scope(contract)
    given = scope.contract
    if given.kubernetes is None:
        raise ContractError(_lacking(given.declared, "kubernetes"))
    if starts and given.service is None:
        raise ContractError(_lacking(given.declared, "service"))
    scaling = given.scaling or ScalingExpectation(declared=given.declared)
    return replace(
        scope,
        contract=replace(given, scaling=scaling, suppress=()),
        live=frozenset({"scaling"}) | systems,
    )


def culprits(scope: Scope, where: Place) -> Report:
    """What can be seen without load to be in the way of an autoscaler."""
    checks = [each for each in checks_for(scope.contract, _looks_at_manifests) if not _loads(each)]
    with terminable():
        return verify(scope, checks, where.looks, today=date.today(), on_bug=on_bug)


def with_warnings(looked: Report | None, run: Report) -> Report:
    """The report of a run, with what was said before it and did not keep it from being made."""
    warned = [each for each in looked.judgements if each.findings] if looked else []
    return replace(run, judgements=(*warned, *run.judgements))


def under_load(
    scope: Scope, where: Place, record: Path | None, replay: Path | None
) -> tuple[Scaled | None, Report]:
    """A run, as it was seen if it was, and what the checks say of it."""
    checks = [each for each in checks_for(scope.contract) if _loads(each)]
    steps = plan(scope, checks)
    with terminable(), _watched() as watch:
        asked = where.loads(watch) if replay is None else replayed(replay)
        connectors = _kept(asked, record)
        answers = gather((each.query for each in steps), connectors, lambda system: None, on_bug)
    found = (each.evidence for each in answers.values() if isinstance(each, Answer))
    seen = next((each for each in found if isinstance(each, Scaled)), None)
    return seen, judge(steps, answers, scope, today=date.today(), on_bug=on_bug)


def write_timeline(seen: Scaled, report: Report, path: Path) -> None:
    """Write the run as a page with plots, or as JSON; raises `UsageError` where that fails."""
    if path.suffix == ".html":
        text = html.render(seen, render(report))
    else:
        text = json.dumps(asdict(seen), indent=2, ensure_ascii=False) + "\n"
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(not_written(path, error)) from error


def _loads(check: Check[Any, Any]) -> bool:
    return check.queries in LOADS


def _looks_at_manifests(check: str) -> bool:
    return check.startswith("autoscaling/") or check == "manifests/selector-mismatch"


@contextmanager
def _watched() -> Iterator[Callable[[Moment, int, str], None]]:
    """Yield what shows each sync on stderr, where somebody is looking."""
    if not sys.stderr.isatty():
        yield lambda moment, target, unit: None
        return
    click.echo("starting …", err=True, nl=False)
    try:
        yield lambda moment, target, unit: click.echo(
            f"\r\x1b[K{row(moment, target, unit)}", err=True, nl=False
        )
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


def _kept(connectors: Iterable[Connector], record: Path | None) -> list[Connector]:
    try:
        return list(connectors) if record is None else recorded(connectors, record)
    except OSError as error:
        raise UsageError(not_written(record or Path(), error)) from error


def _lacking(declared: Location, section: str) -> Finding:
    return Finding(
        what=f"the contract has no section `{section}`",
        where=declared,
        why="the manifests say how to scale, and the service is what is scaled",
        fix=f"add `{section}:` to the contract.",
    )

"""``toolkit doctor``: the prerequisites of the checks, and what is unproven without them."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import click

from toolkit.checks import checks_for
from toolkit.cli._contract import read_scope
from toolkit.cli._evidence import answers_to
from toolkit.connectors.files import FileSystem
from toolkit.connectors.kibana import KibanaAccess, LiveKibana
from toolkit.connectors.rendering import RENDERERS
from toolkit.evidence.files import Files
from toolkit.evidence.kibana.kibana_queries import StatusQuery
from toolkit.evidence.kibana.status import KibanaStatusIn
from toolkit.evidence.kubernetes.arrangement import RenderingsOf
from toolkit.evidence.service.traffic import ServiceRun
from toolkit.model.contract import Contract, Scope
from toolkit.model.grouping import grouped
from toolkit.model.queries import Leaf, Query, QueryFailure
from toolkit.verification import closure, plan

QueryT = TypeVar("QueryT", bound=Query[Any])


@click.command("doctor")
@click.argument("contract", type=click.Path(path_type=Path), default=Path("toolkit.yml"))
def command(contract: Path) -> None:
    """List what the checks of CONTRACT need, and what of it is missing here.

    Exits 0 if nothing is missing, 3 if some checks will be unproven.
    """
    found = list(_prerequisites(read_scope(contract)))
    for each in found:
        mark = "✓" if each.available else "?"
        click.echo(f"{mark} {each.name:<28} {each.detail}")
        if not each.available:
            click.echo(f"  leaves unproven  {', '.join(each.unproven) or 'nothing'}")
    sys.exit(0 if all(each.available for each in found) else 3)


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """A file, program, package or server that checks need."""

    name: str
    available: bool
    detail: str
    unproven: tuple[str, ...] = ()
    """The checks that are unproven without it."""


def _prerequisites(scope: Scope) -> Iterator[Prerequisite]:
    """Yield a prerequisite for each leaf query of the checks, and for optional packages."""
    yield Prerequisite("python", True, platform.python_version())
    files = FileSystem(Path(scope.folder))
    for leaf, checks in _needed(scope, Leaf).items():
        if isinstance(leaf, Files):
            yield _files(leaf, files, checks)
        elif isinstance(leaf, ServiceRun):
            yield _program(leaf, scope, checks)
    yield from _renderers(scope, files)
    yield from (Prerequisite("kibana", *each) for each in _kibana_status(scope))
    yield from _ledgers(scope.contract)
    yield from (_optional(scope, *each) for each in _OPTIONAL)


_OPTIONAL = (
    ("requests", "connections to live systems (extra: live)", ("elasticsearch", "kibana")),
    ("duckdb", "logs load, stats, query (extra: store)", ()),
    ("kubernetes_validate", "schemas of Kubernetes (extra: manifests)", ("schemas",)),
    ("locust", "load tests (extra: load)", ("scaling",)),
    ("kubectl", "connections to clusters", ("kubernetes",)),
)
"""Packages and programs, what they are for, and the parts of a contract that need them."""


def _needed(scope: Scope, kind: type[QueryT]) -> dict[QueryT, tuple[str, ...]]:
    """Return the queries of a kind, each with the checks that rest on it."""
    needed: dict[QueryT, list[str]] = {}
    for step in plan(scope, checks_for(scope.contract)):
        for query in closure([step.query]):
            if isinstance(query, kind):
                needed.setdefault(query, []).append(step.check.id)
    return {query: tuple(dict.fromkeys(checks)) for query, checks in needed.items()}


def _renderers(scope: Scope, files: FileSystem) -> Iterator[Prerequisite]:
    """Yield the programs that render the charts and kustomizations of the contract."""
    for query, checks in _needed(scope, RenderingsOf).items():
        answer = answers_to([query.arrangement], [files])[query.arrangement]
        targets = [] if isinstance(answer, QueryFailure) else answer.evidence.targets(None)
        folders = grouped((each.program, each.folder or ".") for each in targets)
        for program, named in folders.items():
            able = any(map(shutil.which, RENDERERS[program]))
            detail = f"{'' if able else 'not '}installed: renders {', '.join(named)}"
            yield Prerequisite(" or ".join(RENDERERS[program]), able, detail, checks)


def _files(leaf: Files, files: FileSystem, checks: tuple[str, ...]) -> Prerequisite:
    answer = files.answer([leaf])[leaf]
    if isinstance(answer, QueryFailure):
        return Prerequisite(leaf.key, False, answer.findings[0].what, checks)
    return Prerequisite(leaf.key, True, f"{answer.sampled} file{'s' * (answer.sampled != 1)}")


def _program(leaf: ServiceRun, scope: Scope, checks: tuple[str, ...]) -> Prerequisite:
    start = leaf.expectation.start
    try:
        word = shlex.split(start)[0].replace("{python}", sys.executable)
    except (ValueError, IndexError):
        return Prerequisite("service", False, f"`{start}` is no command", checks)
    beside = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    inside = Path(scope.folder) / word
    found = shutil.which(word, path=beside) or (str(inside) if inside.is_file() else None)
    detail = "can be started" if found else f"`{word}` is not installed here"
    return Prerequisite("service", found is not None, detail, () if found else checks)


def _ledgers(contract: Contract) -> Iterator[Prerequisite]:
    """Report whether the lines of each ledger can be sent; only `--live` needs it."""
    target = contract.targets.elasticsearch if contract.targets else None
    can = "can be sent: toolkit verify --live --allow-writes"
    detail = can if target and target.writable else "cannot be sent: no target is `writable: true`"
    for each in contract.logs:
        if each.ledger:
            yield Prerequisite(f"ledger of {each.name}", True, detail)


def _optional(scope: Scope, name: str, what: str, parts: tuple[str, ...]) -> Prerequisite:
    """Report a package or program; it is missing only if the contract has a part that needs it."""
    if find_spec(name) or shutil.which(name):
        return Prerequisite(name, True, f"installed: {what}")
    unproven = tuple(check for part in parts for check in _needing(scope, part))
    return Prerequisite(name, not unproven, f"not installed: {what}", unproven)


def _kibana_status(scope: Scope) -> Iterator[tuple[bool, str, tuple[str, ...]]]:
    """Ask the Kibana of the contract or the environment, if one is configured.

    Yields:
        Whether it answers, its status in words, and the checks that are unproven without it.
    """
    found = KibanaAccess.of(scope)
    if found is None:
        return
    (answer,) = LiveKibana(replace(found, patience=0)).answer([StatusQuery()]).values()
    if isinstance(answer, QueryFailure):
        yield False, answer.findings[0].what, _needing(scope, "kibana")
    else:
        status = KibanaStatusIn(StatusQuery()).derive(answer).evidence
        version = f", {status.version}" if status.version else ""
        yield True, f"{found.shown} is {status.level}{version}", ()


def _needing(scope: Scope, part: str) -> tuple[str, ...]:
    """Return the checks that need a part of the contract: a live system, load, or schemas."""
    contract = scope.contract
    if part == "schemas":
        return ("manifests/schema",) if contract.kubernetes else ()
    declared = contract.scaling if part == "scaling" else getattr(contract.targets, part, None)
    if declared is None:
        return ()
    offline = {step.query for step in plan(scope, checks_for(contract))}
    steps = plan(replace(scope, live=frozenset({part})), checks_for(contract))
    return tuple(dict.fromkeys(step.check.id for step in steps if step.query not in offline))

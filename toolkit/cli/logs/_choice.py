"""Which logs of a contract a command is about, and the files the contract names for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toolkit.cli._names import unknown
from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation


def chosen(scope: Scope, name: str | None) -> LogExpectation:
    """The logs of this name, or the first; raises `UsageError` where there are none."""
    logs = scope.contract.logs
    if name is not None and all(each.name != name for each in logs):
        raise UsageError(unknown("log", name, [each.name for each in logs]))
    found = next((each for each in logs if name in (None, each.name)), None)
    if found is None:
        raise UsageError(_none(scope))
    return found


def sample_files(expected: LogExpectation, scope: Scope) -> list[str]:
    """The globs of sample files, as seen from here; raises `UsageError` where there are none."""
    if not expected.samples:
        raise UsageError(_no_files(expected))
    return [str(Path(scope.folder) / glob) for glob in expected.samples]


def template_body(expected: LogExpectation, scope: Scope) -> tuple[str, Any]:
    """The name and the body of the index template; raises `UsageError` where there is none."""
    if expected.template is None:
        raise UsageError(_no_template(expected))
    path = Path(scope.folder) / expected.template
    try:
        return expected.index.rstrip("-*") or expected.name, json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(_unreadable(expected, error)) from error


def no_fields(expected: LogExpectation) -> Finding:
    """The contract declares no field that a server could be asked about."""
    return Finding(
        what=f"the contract declares no fields of `{expected.name}`",
        where=expected.declared,
        why="a server is asked about the fields that have a role: status, latency, route",
        fix="add `fields:`, such as `status: {type: short, role: status}`.",
    )


def _none(scope: Scope) -> Finding:
    return Finding(
        what="the contract speaks of no logs",
        where=scope.contract.declared,
        why="lines are loaded through the pipeline that its `logs:` names",
        fix="add `logs:` with a pipeline.",
    )


def _no_files(expected: LogExpectation) -> Finding:
    return Finding(
        what="no files are named, and the contract has no sample lines",
        where=expected.declared,
        why="there is nothing to load",
        fix="name files, or `-` for standard input.",
    )


def _no_template(expected: LogExpectation) -> Finding:
    return Finding(
        what="the contract names no index template to install",
        where=expected.declared,
        why="`--install-template` installs what `template:` names",
        fix="add `template:`, or leave the option out.",
    )


def _unreadable(expected: LogExpectation, error: Exception) -> Finding:
    return Finding(
        what=f"`{expected.template}` cannot be read as an index template",
        where=expected.declared,
        why=f"the system says: {error}",
        fix="correct the path, or the file.",
    )

"""The logs of a contract that a command reads, and their files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.cli._files import reason
from toolkit.cli._names import unknown
from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.languages.positioned_json import read_json
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation


def chosen(scope: Scope, name: str | None) -> LogExpectation:
    """Return the logs of this name, or the first; raises `UsageError` without any."""
    logs = scope.contract.logs
    if name is not None and all(each.name != name for each in logs):
        raise UsageError(unknown("log", name, [each.name for each in logs]))
    found = next((each for each in logs if name in (None, each.name)), None)
    if found is None:
        raise UsageError.of(
            what="the contract has no section `logs`",
            where=scope.contract.declared,
            why="lines are loaded through a pipeline of `logs:`",
            fix="add `logs:` with a pipeline.",
        )
    return found


def sample_files(expected: LogExpectation, scope: Scope) -> list[str]:
    """Return the globs of sample files, from the current folder; raises `UsageError`."""
    if not expected.samples:
        raise UsageError.of(
            what="no files are given, and the contract has no sample lines",
            where=expected.declared,
            why="there is nothing to load",
            fix="give files, or `-` for standard input.",
        )
    return [str(Path(scope.folder) / glob) for glob in expected.samples]


def template_body(expected: LogExpectation, scope: Scope) -> tuple[str, Any]:
    """Return name and body of the index template; raises `UsageError` without one."""
    if expected.template is None:
        raise UsageError.of(
            what="the logs have no index template to install",
            where=expected.declared,
            why="`--install-template` installs what `template:` names",
            fix="add `template:`, or leave the option out.",
        )
    path = Path(scope.folder) / expected.template
    try:
        text = path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise UsageError.of(
            what=f"`{expected.template}` cannot be read as an index template",
            where=expected.declared,
            why=f"the operating system reports: {reason(error)}",
            fix="correct the path, or the file.",
        ) from error
    body = read_json(text, path.as_posix(), what="the index template")
    return expected.index.rstrip("-*") or expected.name, body


def no_fields(expected: LogExpectation) -> Finding:
    """Return the finding for logs without a field whose figures a server could compute."""
    return Finding(
        what=f"the contract declares no fields of `{expected.name}`",
        where=expected.declared,
        why="figures are computed for fields with a role: status, latency, route",
        fix="add `fields:`, such as `status: {type: short, role: status}`.",
    )

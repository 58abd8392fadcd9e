"""The baseline of a call: read, applied, and written anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.checks import checks_for
from toolkit.cli._files import not_written, unreadable
from toolkit.contract.baseline import baseline_text, parse_baseline
from toolkit.errors import UsageError
from toolkit.evidence.files import File, decode
from toolkit.findings import Location
from toolkit.model.baseline import KnownFinding, accept_known, gone, no_longer_occurs, renewed
from toolkit.model.contract import Scope
from toolkit.model.report import Report
from toolkit.verification import plan

_LIVE = frozenset({"elasticsearch", "kibana", "kubernetes", "ledger"})


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """A baseline and its file."""

    path: Path
    entries: tuple[KnownFinding, ...]

    @classmethod
    def read(cls, path: Path, *, update: bool) -> BaselineFile:
        """Read a baseline.

        Args:
            path: The file.
            update: Whether it will be written, and so may be missing.

        Raises:
            UsageError: It cannot be read.
            InputError: It is not UTF-8.
            ContractError: It is no baseline.
        """
        if update and not path.exists():
            return cls(path, ())
        try:
            file = File(path.as_posix(), path.read_bytes())
        except FileNotFoundError as error:
            raise UsageError.of(
                what=f"there is no baseline at `{path}`",
                where=Location("command line"),
                why="`--baseline` accepts the findings that the file lists",
                fix="add `--update-baseline` to have it written with the findings of today.",
            ) from error
        except OSError as error:
            raise UsageError(unreadable(path, error)) from error
        return cls(path, parse_baseline(decode(file, "a baseline"), source=file.name))

    def apply(self, report: Report, scope: Scope, *, update: bool) -> Report:
        """Accept its entries in a report.

        Args:
            report: The report of a run.
            scope: The contract.
            update: Whether the file is written anew first, so that all is accepted.

        Raises:
            UsageError: The file cannot be written.
        """
        accepted = accept_known(report, self.entries)
        possible = _step_names(scope)
        if not update:
            stale = map(no_longer_occurs, gone(accepted, self.entries, possible))
            return replace(accepted, stale=(*accepted.stale, *stale))
        text = baseline_text(renewed(accepted, self.entries, possible))
        try:
            self.path.write_text(text, "utf-8", "replace")
        except OSError as error:
            raise UsageError(not_written(self.path, error)) from error
        return accept_known(report, parse_baseline(text, source=self.path.as_posix()))


def _step_names(scope: Scope) -> frozenset[str]:
    """The names of all steps of a contract, with those of live systems."""
    steps = plan(replace(scope, live=_LIVE), checks_for(scope.contract))
    return frozenset(step.name for step in steps)

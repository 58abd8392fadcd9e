"""``toolkit init``: a first contract for a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from toolkit.cli.init._discovery import Found
    from toolkit.cli.init._draft import Draft
    from toolkit.findings import Finding

__all__ = ["command"]


@click.command("init")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path()
)
def command(folder: Path) -> None:
    """Write a commented `toolkit.yml` for the files in FOLDER; never overwrite one."""
    from toolkit.cli.init._discovery import discover
    from toolkit.cli.init._draft import draft
    from toolkit.cli.init._summary import summary
    from toolkit.errors import UsageError

    path = folder / "toolkit.yml"
    if path.exists():
        raise UsageError(_there_already(path))
    found = discover(folder)
    if not found:
        raise UsageError(_nothing(folder, found))
    made = draft(folder, found)
    path.write_text(made.text, "utf-8")
    for line in summary(found):
        click.echo(line)
    _print_missing(made)
    where = "" if folder == Path() else f" {path.as_posix()}"
    click.echo(f"\nwrote {path.as_posix()}; next: toolkit verify{where}")


def _print_missing(made: Draft) -> None:
    """Print what the contract could not be given, each with the thing to do."""
    from textwrap import wrap

    missing = list(made.missing)
    if made.unused:
        several = f"{', '.join(made.unused[:3])}{' …' if made.unused[3:] else ''}"
        missing.append(f"logs of the index templates {several}: no output names their indices")
    for each in missing[:_MOST_MISSING]:
        for line in wrap(f"not found: {each}", 80, subsequent_indent=" " * 11):
            click.echo(line)
    if len(missing) > _MOST_MISSING:
        click.echo(f"not found: {len(missing) - _MOST_MISSING} more of these")


_MOST_MISSING = 6


def _there_already(path: Path) -> Finding:
    from toolkit.findings import Finding, Location

    return Finding(
        what=f"`{path.as_posix()}` exists already",
        where=Location(path.as_posix()),
        why="`toolkit init` never overwrites a contract",
        fix=f"run `toolkit verify {path.as_posix()}`, or move the file away.",
    )


def _nothing(folder: Path, found: Found) -> Finding:
    from toolkit.cli.init._summary import left
    from toolkit.findings import Finding, Location

    others = [*left(found)]
    return Finding(
        what="no files were found that a contract can name",
        where=Location(folder.as_posix()),
        why="the folder has no Logstash configurations, logs, rules, dashboards or manifests"
        + "".join(f"; {each}" for each in others),
        fix="name the folder they are in: `toolkit init DIR`.",
    )

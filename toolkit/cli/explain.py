"""``toolkit explain``: a check, or the list of all checks."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("explain")
@click.argument("check", default="")
def command(check: str) -> None:
    """Explain CHECK: what it finds, why that matters, how to fix it, an example.

    Without CHECK, list all checks: id, severity, and the rule in one sentence.
    """
    from toolkit.checks import check_ids, documentation

    if not check:
        _list()
        return
    found = documentation(check)
    if found is None:
        from toolkit.cli._names import unknown_check
        from toolkit.errors import UsageError

        raise UsageError(unknown_check(check, check_ids()))
    click.echo(f"# {check}\n\n{found}{_example(check)}")


def _list() -> None:
    from toolkit.checks import all_checks

    checks = all_checks()
    width = max(len(check.id) for check in checks)
    for check in checks:
        rule = check.doc.partition("\n")[0]
        foreign = "" if check.origin == "toolkit" else f"  ({check.origin})"
        click.echo(f"{check.id:<{width}}  {check.severity.name.lower():<7}  {rule}{foreign}")


def _example(check: str) -> str:
    """A failing case of the check; empty for a check of another package."""
    import toolkit.checks

    path = Path(toolkit.checks.__file__).with_name("examples.json")
    found = json.loads(path.read_text("utf-8")).get(check)
    return f"\n\n## Example\n{found['title']}:\n\n{found['finding']}" if found else ""

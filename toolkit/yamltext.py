"""YAML that libraries read for positions: the loader, and what is said of a text that is none."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from toolkit.findings import Finding, Location


class Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """The fast loader where libyaml is there."""


def place_of(error: yaml.YAMLError, source: str, lines: Sequence[str]) -> Location:
    """Where the reader stopped; the first line where it does not say."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    excerpt = lines[line] if line < len(lines) else ""
    return Location(source, line + 1, column + 1, excerpt)


def not_yaml(error: yaml.YAMLError, what: str, where: Location, fix: str) -> Finding:
    """The finding that ``what``, such as ``the manifest``, is no YAML, in the reader's words."""
    said = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return Finding(
        what=f"{what} is not valid YAML", where=where, why=f"YAML says: {said}", fix=fix
    )

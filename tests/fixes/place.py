"""A finding in the files of a case, and the ways to change these files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from toolkit.findings import Finding

Blocks = dict[str, str]


@dataclass(frozen=True)
class Place:
    """The files of a case, and a finding in one of them."""

    blocks: Mapping[str, str]
    finding: Finding
    check: str

    @property
    def name(self) -> str:
        return self.finding.where.source

    @property
    def quoted(self) -> list[str]:
        """What the finding has in backticks."""
        return re.findall(r"`([^`]+)`", self.finding.what)

    def with_text(self, name: str, text: str) -> Blocks | None:
        """The files with another text of one of them; None if that is no change."""
        return None if self.blocks[name] == text else {**self.blocks, name: text}

    def in_line(self, old: str, new: str) -> Blocks | None:
        """Replace a text at the place, or behind it in the same line."""
        where = self.finding.where
        lines = self.blocks[self.name].splitlines(keepends=True)
        line, start = lines[(where.line or 1) - 1], (where.column or 1) - 1
        at = line.find(old, start)
        if at < 0:
            at = line.find(old)
        if at < 0:
            return None
        lines[(where.line or 1) - 1] = line[:at] + new + line[at + len(old) :]
        return self.with_text(self.name, "".join(lines))

    def in_yaml(self, edit: Callable[[Any], object], name: str = "") -> Blocks | None:
        """Edit the document of the place, or all of a named file."""
        name = name or self.name
        documents = re.split(r"(?m)^---\n", self.blocks[name])
        sizes = [len(document.splitlines()) + 1 for document in documents]
        ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
        line = self.finding.where.line or 1
        index = 0 if name != self.name else next(n for n, end in enumerate(ends) if line <= end)
        value = yaml.safe_load(documents[index]) or {}
        edit(value)
        documents[index] = yaml.safe_dump(value, sort_keys=False, width=1000)
        return self.with_text(name, "---\n".join(documents))

    def in_contract(self, edit: Callable[[Any], object]) -> Blocks | None:
        return self.in_yaml(edit, "toolkit.yml")


Edit = Callable[..., "Blocks | None"]

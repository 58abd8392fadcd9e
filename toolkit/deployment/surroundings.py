"""Variables and files that a configuration of a product refers to, where the product runs."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from toolkit.deployment.deployment import Content, Deployment
from toolkit.deployment.site import Site, Unknown
from toolkit.findings import Finding, Location, Mark
from toolkit.logstash.config import nodes
from toolkit.logstash.filters import UnknownFile

_VARIABLE = re.compile(r"\$\{(\w+)\}")


class Variables(Mapping[str, str]):
    """The variables of a product that are known; `missing` has the reason for each other one.

    Source of the references: Logstash reference, "Using environment variables".
    """

    def __init__(
        self, deployment: Deployment, sites: Sequence[Site], own: Mapping[str, str]
    ) -> None:
        self._deployment, self._sites, self._own = deployment, sites, own
        self.missing: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name in self._own:
            return self._own[name]
        found = self._deployment.variable(self._sites, name)
        if isinstance(found, Unknown):
            self.missing[name] = found.reason
            raise KeyError(name)
        return found.value

    def __iter__(self) -> Iterator[str]:
        names = (name for site in self._sites for name in site.environment)
        return iter(dict.fromkeys((*self._own, *names)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def unknown_variables(
    tree: nodes.Configuration | None, missing: Mapping[str, str], *kinds: nodes.SectionKind
) -> Iterator[Finding]:
    """Yield a finding for each reason why variables that sections refer to have no value.

    Args:
        tree: The configuration; None if it cannot be parsed.
        missing: The reasons, by variable.
        kinds: The kinds of the sections.
    """
    places: dict[str, dict[str, Location]] = {}
    for node in (node for kind in kinds for node in _strings(tree, kind)):
        for name in _VARIABLE.findall(node.value):
            if tree is not None and name in missing:
                named = places.setdefault(missing[name], {})
                named.setdefault(name, tree.sources.locate(node.span))
    for reason, named in places.items():
        first, *others = named
        listed = ", ".join(f"`{name}`" for name in named)
        stated = ", ".join(f'{name}: "…"' for name in named)
        yield Finding(
            what=f"the values of the variables {listed} are not known"
            if others
            else f"the value of the variable {listed} is not known",
            where=named[first],
            why=reason,
            kind="unknown-variable",
            fix=f"state it in the contract: `deployment: {{variables: {{{stated}}}}}`.",
            marks=tuple(Mark(f"`{name}`", named[name]) for name in others),
        )


def _strings(tree: nodes.Configuration | None, kind: nodes.SectionKind) -> Iterator[nodes.String]:
    for statement in tree.statements(kind) if tree else ():
        yield from (node for node in nodes.walk(statement) if isinstance(node, nodes.String))


@dataclass(frozen=True)
class Surroundings:
    """A product and the files of the repository that it is configured by."""

    deployment: Deployment
    product: str
    sources: tuple[str, ...]
    own: Mapping[str, str] = field(default_factory=dict)
    """Variables that are set for it besides those of its sites, which they hide."""

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Where the product reads these files."""
        return self.deployment.serving(self.product, self.sources)

    @property
    def release(self) -> str | None:
        """The version of the product, such as ``8.10.2``; None if it is not known."""
        found = self.deployment.version(self.product, self.sites)
        return None if isinstance(found, Unknown) else found.value

    def variables(self) -> Variables:
        """The variables at its sites."""
        return Variables(self.deployment, self.sites, self.own)

    def read(self, path: str) -> bytes:
        """The content behind a path; raises `FileNotFoundError`, or `UnknownFile`."""
        found = self._found(glob.escape(path))
        if not found:
            raise FileNotFoundError(f"no file here is put at {path}")
        return found[0].data

    def names(self, pattern: str) -> Sequence[str]:
        """The paths that a glob matches, sorted; raises `UnknownFile`."""
        return [each.path for each in self._found(pattern)]

    @cached_property
    def _known(self) -> dict[str, tuple[Content, ...] | Unknown]:
        return {}

    def _found(self, pattern: str) -> Sequence[Content]:
        if pattern not in self._known:
            self._known[pattern] = self.deployment.files(self.sites, pattern, self.sources)
        found = self._known[pattern]
        if isinstance(found, Unknown):
            raise UnknownFile(found.reason, PurePosixPath(pattern).as_posix())
        return found

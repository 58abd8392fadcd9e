"""Parts of files that only some releases of their product accept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from toolkit.deployment.deployment import Deployment
from toolkit.deployment.site import Known, Unknown
from toolkit.deployment.tree import Tree
from toolkit.errors import InputError
from toolkit.evidence.deployment import deployment
from toolkit.evidence.files import File, Files, FileSet
from toolkit.evidence.metrics.loaded_rules import configurations, loads
from toolkit.evidence.metrics.rule_texts import rule_texts
from toolkit.findings import Location
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.releases import Lifespan, Releases, Use, releases
from toolkit.languages.yaml_dialects import KUBECTL
from toolkit.model.contract import Scope
from toolkit.model.expectations import Expectation
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class ReleaseUse:
    """A use, and the release of the product that reads the file."""

    use: Use
    release: Known[str] | Unknown


@dataclass(frozen=True, slots=True)
class ReleaseUses:
    """All uses in the files of one product."""

    product: str
    table: Releases
    uses: tuple[ReleaseUse, ...] = ()

    def by_change(self) -> Mapping[tuple[Lifespan, Known[str] | Unknown], list[Use]]:
        """The uses by what changed, and by the release that reads them."""
        return grouped(((each.use.change, each.release), each.use) for each in self.uses)


@dataclass(frozen=True, slots=True)
class ReleaseUsesIn(Derived[ReleaseUses]):
    """Look for parts that only some releases accept; with rules go what loads them."""

    files: Query[FileSet]
    deployment: Query[Deployment]
    product: str

    def derive(
        self, files: Answer[FileSet], deployment: Answer[Deployment]
    ) -> Answer[ReleaseUses]:
        here, table = deployment.evidence, releases(f"toolkit.{self.product}")
        read, found = [*files.evidence], list[ReleaseUse]()
        if self.product == "prometheus":
            read += _loading(here.tree, read)
        for file in read:
            sites = here.serving(self.product, [here.tree.inside(file.name)])
            release = here.version(self.product, sites)
            found += (ReleaseUse(use, release) for use in _uses(file, table))
        evidence = ReleaseUses(self.product, table, tuple(found))
        return Answer(evidence, files.origin, len(read), "configurations", promised=False)


def _loading(tree: Tree, rules: Iterable[File]) -> Iterator[File]:
    """The configurations that load some of the rule files."""
    names = [file.name for file in rules]
    for path, document in configurations(tree):
        if loads(tree, document, names):
            yield File(tree.shown(path), tree.contents[path])


def _uses(file: File, table: Releases) -> Iterator[Use]:
    """The uses in the documents of a file; what cannot be read is judged elsewhere."""
    try:
        texts = list(rule_texts(file))
    except InputError:
        return
    for text, where in texts:
        for document in read_documents(text, file.name, KUBECTL, what="the file").found:
            yield from (_placed(each, where) for each in table.uses(document))


def _placed(use: Use, where: Location | None) -> Use:
    return replace(use, where=where) if where else use


def release_uses(
    globs: Iterable[str | None], product: str, expected: Expectation, scope: Scope
) -> Query[ReleaseUses] | None:
    """Return the query for the uses in the files of a product; None without any.

    Args:
        globs: The files that the contract names; None stands for one that it does not.
        product: The product, such as ``prometheus``.
        expected: The part of the contract that names them.
        scope: The contract, and the folder it is in.
    """
    named = tuple(filter(None, globs))
    files = Files(named, expected.declared, "configurations", optional=True)
    return ReleaseUsesIn(files, deployment(scope), product) if named else None

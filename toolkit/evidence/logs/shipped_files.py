"""The files that a shipper reads, and the log that the service writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from toolkit.deployment.addresses import filled
from toolkit.deployment.deployment import Deployment
from toolkit.deployment.site import Site
from toolkit.errors import InputError
from toolkit.evidence.deployment import deployment
from toolkit.evidence.files import Files, FileSet
from toolkit.findings import Location
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_2
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.expectations.service import ServiceExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class ShippedPath:
    """A path or glob under ``paths:`` of an input."""

    text: str | None
    """The path with its variables filled in; None if one is not known."""
    where: Location


@dataclass(frozen=True, slots=True)
class ShippedFiles:
    """The paths of a shipper, where it runs, and the name of the service's log."""

    paths: tuple[ShippedPath, ...]
    sites: tuple[Site, ...]
    """The sites that surely have its configuration."""
    log: str
    """The name of the file that the service writes; empty if the deployment may choose it."""


@dataclass(frozen=True, slots=True)
class ShippedFilesOf(Derived[ShippedFiles]):
    """Read the paths of a Filebeat configuration as they are where it runs."""

    files: Query[FileSet]
    deployment: Query[Deployment]
    log: str

    def derive(self, files: Answer[FileSet], found: Answer[Deployment]) -> Answer[ShippedFiles]:
        here, paths, sites = found.evidence, list[ShippedPath](), list[Site]()
        for file in files.evidence:
            inside = (here.tree.inside(file.name),)
            sites += here.holding("filebeat", inside)
            documents, faults = read_documents(file.text, file.name, GO_YAML_2, what="the shipper")
            if faults:
                raise InputError(*faults)
            for document in documents:
                for node in _paths(PositionedNode(document)):
                    text = filled(here, here.serving("filebeat", inside), node.raw)
                    paths.append(ShippedPath(text, node.locate()))
        evidence = ShippedFiles(tuple(paths), tuple(sites), self.log)
        return Answer(evidence, files.origin, len(paths), "shipped paths", promised=False)


def _paths(node: PositionedNode) -> Iterator[PositionedNode]:
    for path in (("filebeat.inputs",), ("filebeat", "inputs")):
        for each in node.values(*path):
            if each.get("enabled") is not False:
                listed = isinstance(each.get("paths"), list)
                yield from each.values("paths") if listed else ()


def shipped_files(expected: LogExpectation, scope: Scope) -> Query[ShippedFiles] | None:
    """Return the query for the files that the shipper reads; None without a shipper."""
    if expected.shipper is None:
        return None
    shippers = {each.shipper for each in scope.contract.logs}
    service = scope.contract.service if len(shippers) == 1 else None
    files = Files((expected.shipper,), expected.declared, "shippers")
    return ShippedFilesOf(files, deployment(scope), _log(service) if service else "")


def _log(service: ServiceExpectation) -> str:
    """The name of the log; a variable that contains it may set another one where it runs."""
    name = PurePosixPath(service.log or "-").name
    chosen = any(name in value for value in service.environment.values())
    return "" if name == "-" or chosen or name in service.start else name

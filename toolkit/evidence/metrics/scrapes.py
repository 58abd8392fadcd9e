"""All scrape jobs that a repository describes: of monitors, and of configurations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from toolkit.deployment.reading import describes
from toolkit.deployment.recognition import recognise
from toolkit.deployment.tree import Tree
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.metrics.discovery import discovered
from toolkit.evidence.metrics.loaded_rules import loads
from toolkit.evidence.metrics.monitors import Monitors, monitors
from toolkit.evidence.metrics.operated import jobs_of_monitors
from toolkit.evidence.repository import RepositoryFiles, repository, tree_of
from toolkit.findings import Location
from toolkit.kubernetes.manifests import mapping
from toolkit.languages.positioned import Positioned
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_2
from toolkit.model.contract import Scope
from toolkit.model.queries import Answer, Derived, Query
from toolkit.prometheus.scraping.configuration import jobs_of
from toolkit.prometheus.scraping.jobs import ScrapeJob

_SCRAPES = re.compile(r"^[ \t]*scrape_configs[ \t]*:", re.MULTILINE)
_FURTHER = re.compile(r"\b(?:additional|extra)ScrapeConfigs\b(?!:\s*(?:\[\]|\{\}|\"\"))")
_NO_OBJECTS = Manifests(())


@dataclass(frozen=True, slots=True)
class Scrapes:
    """The scrape jobs, and what may scrape besides."""

    jobs: tuple[ScrapeJob, ...]
    monitors: Monitors | None
    """None if the contract has no manifests."""
    operated: bool
    """True if some jobs are of monitors: then others may exist that are not in the files."""
    further: Location | None = None
    """The place of scrape configurations that are not read."""
    path: str | None = None
    """The path of the service's metrics, if it is known."""

    @property
    def by_chart(self) -> bool:
        """True if the chart scrapes more than is in the files."""
        return self.monitors is not None and self.monitors.operated

    def of_service(self) -> tuple[ScrapeJob, ...]:
        """Return the jobs that may scrape the service: by their path, if that is known."""
        asking = [each for each in self.jobs if self._asks(each)]
        return tuple(asking) or self.jobs

    def _asks(self, job: ScrapeJob) -> bool:
        paths = {each.get("__metrics_path__") for each in job.targets} or {job.path}
        return self.path is None or None in paths or self.path in paths


@dataclass(frozen=True, slots=True)
class ScrapesIn(Derived[Scrapes]):
    """Find the jobs."""

    repository: Query[RepositoryFiles]
    monitors: Query[Monitors] | None
    prefix: str
    rules: tuple[str, ...]
    """The globs of the contract's rule files."""
    path: str | None

    def derive(
        self, files: Answer[RepositoryFiles], found: Answer[Monitors] | None = None
    ) -> Answer[Scrapes]:
        tree = tree_of(files.evidence, self.prefix)
        observed = found.evidence if found else None
        objects = observed.manifests if observed else _NO_OBJECTS
        of_monitors = list(jobs_of_monitors(observed)) if observed else []
        configured = _configured(tree, objects, self.rules, alone=not of_monitors)
        jobs = (*of_monitors, *configured)
        further = next(_further(tree, objects), None)
        evidence = Scrapes(jobs, observed, bool(of_monitors), further, self.path)
        return Answer(evidence, files.origin, len(jobs), "scrape jobs", promised=False)


def _configured(
    tree: Tree, objects: Manifests, rules: Sequence[str], *, alone: bool
) -> Iterator[ScrapeJob]:
    """The jobs of the configurations that load the contract's rules, or of the only one.

    Others are of other systems, such as examples.
    """
    documents = [*_files(tree), *_carried(objects)]
    loading = [each for each in documents if loads(tree, each, rules)]
    for document in loading or (documents if alone and len(documents) == 1 else ()):
        yield from jobs_of(document, partial(discovered, objects))


def _files(tree: Tree) -> Iterator[Positioned]:
    for path in filter(describes, sorted(tree.contents)):
        text = tree.text(path)
        if _SCRAPES.search(text) and recognise(path, text) == "Prometheus configuration":
            yield from read_documents(text, tree.shown(path), GO_YAML_2, what="the file").found


def _carried(objects: Manifests) -> Iterator[Positioned]:
    """The configurations in ConfigMaps, at their lines."""
    for manifest in objects.of("ConfigMap"):
        for key, value in mapping(manifest.get("data")).items():
            block = manifest.block("data", key) if _SCRAPES.search(str(value)) else None
            if block is not None:
                text = "\n" * (block.first - 1) + "\n".join(block.lines) + "\n"
                yield from read_documents(text, block.source, GO_YAML_2, what="the file").found


def _further(tree: Tree, objects: Manifests) -> Iterator[Location]:
    for server in objects.of("Prometheus", "PrometheusAgent"):
        if server.get("spec", "additionalScrapeConfigs") is not None:
            yield server.locate("spec", "additionalScrapeConfigs")
    for path in filter(describes, sorted(tree.contents)):
        text = tree.text(path)
        found = _FURTHER.search(text) if "ScrapeConfigs" in text else None
        if found and recognise(path, text) == "Helm values":
            yield Location(tree.shown(path), text.count("\n", 0, found.start()) + 1)


def scrapes(scope: Scope) -> Query[Scrapes]:
    """Return the query for the scrape jobs of the contract's repository."""
    contract = scope.contract
    found, prefix = repository(scope)
    operated = monitors(contract.kubernetes, scope) if contract.kubernetes else None
    path = contract.service.metrics if contract.service else None
    rules = contract.metrics.rules if contract.metrics else ()
    return ScrapesIn(found, operated, prefix, rules, path)

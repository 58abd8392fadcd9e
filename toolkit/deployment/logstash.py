"""Which files form the pipelines of a Logstash, by its settings and command line.

Sources: Logstash reference, "Multiple pipelines" and "Running Logstash from the command line";
the default of the Docker image is ``/usr/share/logstash/pipeline``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from toolkit.deployment.deployment import Content, Deployment
from toolkit.deployment.site import Site, Unknown
from toolkit.deployment.tree import Tree
from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_3

_ECS = re.compile(
    r"^[^#\n]*pipeline[._]ecs_compatibility[\"']?\s*[:=]\s*[\"']?(disabled|v1|v8)\b",
    re.MULTILINE | re.IGNORECASE,
)
HOME = "/usr/share/logstash"
_SETTINGS = (f"{HOME}/config/pipelines.yml", "/etc/logstash/pipelines.yml")
_DEFAULT = f"{HOME}/pipeline"


@dataclass(frozen=True, slots=True)
class PipelineFiles:
    """One pipeline, and the files that Logstash joins for it."""

    id: str
    files: tuple[str, ...]
    """Paths in the repository, in the order in which Logstash joins them."""
    origin: Location
    ecs_compatibility: str = ""
    """The pipeline's own setting; empty if it has none."""
    missing: str = ""
    """Why its files are not known, if they are not."""

    def of(self, files: tuple[str, ...]) -> PipelineFiles:
        """Return the same pipeline with its files written in another way."""
        return replace(self, files=files)


def pipelines(deployment: Deployment, settings: Sequence[str]) -> Iterator[PipelineFiles]:
    """Yield the pipelines of all Logstashes of a repository.

    Args:
        deployment: The deployment.
        settings: The files of the repository that are a ``pipelines.yml``.
    """
    sites = deployment.at("logstash")
    used: set[str] = set()
    for site in sites:
        own = [each for path in _SETTINGS for each in _contents(deployment, site, path)]
        used |= {each.source for each in own if each.source}
        if own:
            for content in own:
                yield from _listed(deployment, (site,), content)
        else:
            yield from _single(deployment, site)
    for path in settings:
        if path not in used:
            data = deployment.tree.contents[path]
            content = Content(path, data, Location(deployment.tree.shown(path)), path)
            yield from _listed(deployment, sites, content)


def _contents(deployment: Deployment, site: Site, path: str) -> Sequence[Content]:
    mounted = any(path.startswith(mount.target) for mount in site.mounts)
    found = deployment.files((site,), path) if mounted else ()
    return () if isinstance(found, Unknown) else found


def _single(deployment: Deployment, site: Site) -> Iterator[PipelineFiles]:
    """The pipeline of a Logstash without ``pipelines.yml``."""
    stated = _option(site.command, "-f", "--path.config") or _variable(site, "PATH_CONFIG")
    path = stated or _DEFAULT
    if not stated and not any(_touches(mount.target) for mount in site.mounts):
        return
    yield _pipeline(deployment, (site,), "main", path, site.origin, "")


def _touches(target: str) -> bool:
    return target.startswith(_DEFAULT) or _DEFAULT.startswith(target.rstrip("/") + "/")


def _option(command: Sequence[str], *names: str) -> str | None:
    words = " ".join(command)
    for name in names:
        if found := re.search(rf"(?:^|\s){re.escape(name)}[=\s]+[\"']?([^\s\"']+)", words):
            return found[1]
    return None


def _variable(site: Site, name: str) -> str | None:
    held = site.environment.get(name)
    return held.value if held else None


def _listed(
    deployment: Deployment, sites: Sequence[Site], content: Content
) -> Iterator[PipelineFiles]:
    text = content.data.decode("utf-8-sig", "replace")
    try:
        document = read_document(text, str(content.origin), GO_YAML_3, what="`pipelines.yml`")
    except InputError:
        return
    for node in PositionedNode(document).values():
        name = str(node.get("pipeline.id") or "main")
        path = node.get("path.config")
        ecs = str(node.get("pipeline.ecs_compatibility") or "")
        if isinstance(path, str):
            yield _pipeline(
                deployment, sites, name, path, node.locate("path.config"), ecs, content.source
            )


def _pipeline(
    deployment: Deployment,
    sites: Sequence[Site],
    name: str,
    path: str,
    origin: Location,
    ecs: str,
    near: str | None = None,
) -> PipelineFiles:
    path = path if path.startswith("/") else f"{HOME}/{path}"
    found = _joined(deployment, sites, path, (near,) if near else ())
    if isinstance(found, Unknown):
        return PipelineFiles(name, (), origin, ecs, found.reason)
    files = tuple(each.source for each in found if each.source and not each.path.endswith("~"))
    return PipelineFiles(name, files, origin, ecs)


def _joined(
    deployment: Deployment, sites: Sequence[Site], path: str, near: Sequence[str]
) -> Sequence[Content] | Unknown:
    """The files of a path, which may be a folder; ``{a,b}`` is not a glob that is read here."""
    exact = deployment.files(sites, path, near)
    if "*" in PurePosixPath(path).name or (exact and not isinstance(exact, Unknown)):
        return exact
    inside = deployment.files(sites, f"{path.rstrip('/')}/*", near)
    return exact if isinstance(inside, Unknown) else inside


def ecs_compatibility(tree: Tree) -> str:
    """Return Logstash's `pipeline.ecs_compatibility` in settings or in a container, if any."""
    texts = (tree.text(name) for name in sorted(tree.contents) if name.endswith((".yml", ".yaml")))
    found = [setting[1].lower() for text in texts if (setting := _ECS.search(text))]
    return found[-1] if found else ""

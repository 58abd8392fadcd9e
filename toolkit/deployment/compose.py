"""Compose files: services as sites.

Source: the Compose Specification. An override beside its base is merged into it, as Compose
does by itself; every other compose file that no file includes is a project of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from toolkit.deployment.dockerfile import Built, read_dockerfile
from toolkit.deployment.site import Entrance, Image, Mount, Port, Site
from toolkit.deployment.tree import Tree, resolved
from toolkit.deployment.variables import Variable, interpolate, read_env_file, values_of
from toolkit.errors import InputError
from toolkit.findings import Finding, Location
from toolkit.languages.positioned import PositionedNode
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_3

_OVERRIDE = re.compile(r"((?:docker-)?compose)\.override\.(ya?ml)")
_VARIABLE = re.compile(r"\$(?:\w+|\{[^}]*\})")
_NAMED_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]*")
_DEEPEST = 10
"""Files that include or extend each other."""


def read_compose(tree: Tree, paths: Sequence[str]) -> tuple[list[Site], list[Finding]]:
    """Read the services of compose files.

    Args:
        tree: The repository.
        paths: The compose files in it.

    Returns:
        The sites, and why files could not be read.
    """
    faults: list[Finding] = []
    overrides = {path: _base_of(path, paths) for path in paths}
    reader = _ComposeReader(tree, faults)
    projects = [
        reader.project([path, *(other for other, base in overrides.items() if base == path)])
        for path in paths
        if overrides[path] is None
    ]
    sites = {site.origin: site for project in projects for site in project}
    return list(sites.values()), faults


def _base_of(path: str, paths: Sequence[str]) -> str | None:
    """The file that an override file belongs to."""
    at = PurePosixPath(path)
    found = _OVERRIDE.fullmatch(at.name)
    names = (f"{found[1]}.yml", f"{found[1]}.yaml") if found else ()
    return next((base for name in names if (base := str(at.parent / name)) in paths), None)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One definition of a service. Of several the last one with a key counts."""

    node: PositionedNode
    folder: str
    """The folder that relative paths start at."""
    dotenv: Mapping[str, Variable]
    configs: Mapping[str, PositionedNode] = field(default_factory=dict)
    """The top-level ``configs`` and ``secrets`` of its file."""
    outer: frozenset[str] = frozenset()
    """The top-level ``networks`` of its file that something else makes."""

    def text(self, *path: str | int) -> str | None:
        """The scalar at ``path``, variables filled in; None if it is absent or not known."""
        return self.filled(*path)[0]

    def filled(self, *path: str | int) -> tuple[str | None, list[str]]:
        """The scalar at ``path`` and the variables that are missing; see `interpolate`."""
        value = self.node.get(*path)
        if value is None or isinstance(value, dict | list):
            return None, []
        known = values_of(self.dotenv)
        return interpolate(self.node.at(*path).raw or str(value), known.get)

    def written(self, *path: str | int) -> str | None:
        """The scalar at ``path``; ``$`` stands for each variable if one is not known."""
        filled, missing = self.filled(*path)
        return _VARIABLE.sub("$", self.node.at(*path).raw) if missing else filled

    def listed(self, *path: str | int) -> list[str]:
        """The texts at ``path``: of a list, or of a scalar by itself."""
        value = self.node.get(*path)
        if isinstance(value, list):
            found = (self.text(*path, index) for index in range(len(value)))
            return [each for each in found if each is not None]
        single = self.text(*path)
        return [] if single is None else [single]


@dataclass(slots=True)
class _ComposeReader:
    tree: Tree
    faults: list[Finding]
    documents: dict[str, PositionedNode | None] = field(default_factory=dict)

    def project(self, paths: Sequence[str]) -> list[Site]:
        """The sites of files that are merged, a later one over an earlier one."""
        layers: dict[str, list[_Layer]] = {}
        for path in paths:
            for name, found in self._services(path, _DEEPEST).items():
                layers.setdefault(name, []).extend(found)
        return [_site(self.tree, name, found) for name, found in layers.items()]

    def _document(self, path: str) -> PositionedNode | None:
        if path not in self.documents:
            self.documents[path] = None
            if path in self.tree.contents:
                try:
                    shown = self.tree.shown(path)
                    found = read_document(
                        self.tree.text(path), shown, GO_YAML_3, what="the compose file"
                    )
                    self.documents[path] = PositionedNode(found)
                except InputError as error:
                    self.faults += error.findings
        return self.documents[path]

    def _services(self, path: str, depth: int) -> dict[str, list[_Layer]]:
        document = self._document(path)
        if document is None or not depth:
            return {}
        folder = _parent(path)
        dotenv = _dotenv(self.tree, folder)
        found: dict[str, list[_Layer]] = {}
        for include in document.values("include"):
            for other in self._included(include, folder):
                found |= self._services(other, depth - 1)
        configs = {
            str(name): node
            for kind in ("configs", "secrets")
            for name, node in document.items(kind)
        }
        networks = (name for name, node in document.items("networks") if node.get("external"))
        outer = frozenset(map(str, networks))
        for name, node in document.items("services"):
            layer = _Layer(node, folder, dotenv, configs, outer)
            found[str(name)] = [*self._extended(layer, path, depth), layer]
        return found

    def _included(self, include: PositionedNode, folder: str) -> Iterator[str]:
        value = include.value
        paths = value.get("path") if isinstance(value, dict) else value
        for each in paths if isinstance(paths, list) else [paths]:
            if isinstance(each, str) and (path := resolved(folder, each)) is not None:
                yield path

    def _extended(self, layer: _Layer, path: str, depth: int) -> list[_Layer]:
        extends = layer.node.get("extends")
        if extends is None:
            return []
        name = extends if isinstance(extends, str) else layer.text("extends", "service")
        other = None if isinstance(extends, str) else layer.text("extends", "file")
        place = path if other is None else resolved(layer.folder, other)
        return self._services(place, depth - 1).get(name or "", []) if place else []


def _parent(path: str) -> str:
    parent = PurePosixPath(path).parent.as_posix()
    return "" if parent == "." else parent


def _dotenv(tree: Tree, folder: str) -> dict[str, Variable]:
    path = f"{folder}/.env" if folder else ".env"
    return read_env_file(tree.text(path), tree.shown(path)) if path in tree.contents else {}


def _site(tree: Tree, name: str, layers: Sequence[_Layer]) -> Site:
    built = _built(tree, layers)
    image = next((each for each in map(_image, reversed(layers)) if each), built.image)
    if built.image and not (image and image.version and not built.image.product):
        image = built.image
    last = layers[-1]
    here = last.node.text.locate_key(*last.node.path)
    command = next(
        (found for each in reversed(layers) if (found := _command(each))), built.command
    )
    environment = dict(built.environment)
    opened = ""
    for layer in layers:
        variables, absent = _environment(tree, layer)
        environment |= variables
        opened = absent or opened
    return Site(
        name,
        "compose",
        here,
        image,
        environment,
        opened,
        (*built.mounts, *(mount for layer in layers for mount in _mounts(tree, layer))),
        tuple(dict.fromkeys((*built.ports, *(p for layer in layers for p in _ports(layer))))),
        tuple(Entrance(each, here) for each in (name, *(n for e in layers for n in _names(e)))),
        command,
        last.folder,
        tuple(host for layer in layers for host in _elsewhere(layer)),
        next((name for layer in layers for name in _joined(layer)), ""),
    )


def _image(layer: _Layer) -> Image | None:
    name = layer.text("image")
    raw = layer.node.at("image").raw
    return Image(name or raw, layer.node.locate("image")) if raw else None


def _built(tree: Tree, layers: Sequence[_Layer]) -> Built:
    for layer in reversed(layers):
        build = layer.node.get("build")
        if build is None:
            continue
        path = ("build",) if isinstance(build, str) else ("build", "context")
        context = resolved(layer.folder, layer.text(*path) or ".")
        file = layer.text("build", "dockerfile") if isinstance(build, dict) else None
        dockerfile = resolved(context, file or "Dockerfile") if context is not None else None
        if context is None or dockerfile not in tree.contents:
            return Built()
        given = _pairs(layer, "build", "args") if isinstance(build, dict) else {}
        target = layer.text("build", "target") if isinstance(build, dict) else None
        arguments = {key: value for key, (value, _) in given.items() if value is not None}
        return read_dockerfile(tree, str(dockerfile), context, arguments, target or "")
    return Built()


def _pairs(layer: _Layer, *path: str) -> dict[str, tuple[str | None, list[str]]]:
    """The entries of a mapping or of a list of ``NAME=value``; the shell sets a bare name."""
    found: dict[str, tuple[str | None, list[str]]] = {}
    for key, node in layer.node.items(*path):
        if isinstance(key, str):
            found[key] = layer.filled(*path, key) if node.value is not None else (None, [key])
        else:
            name, given, raw = str(node.value).partition("=")
            known = values_of(layer.dotenv)
            found[name] = interpolate(raw, known.get) if given else (None, [name])
    return found


def _environment(tree: Tree, layer: _Layer) -> tuple[dict[str, Variable], str]:
    """The variables of a service, and the name of a file of variables that is absent."""
    found: dict[str, Variable] = {}
    absent = ""
    for file in _env_files(layer):
        path = resolved(layer.folder, file)
        if path is not None and path in tree.contents:
            found |= read_env_file(tree.text(path), tree.shown(path), values_of(layer.dotenv).get)
        else:
            absent = f"`{file}`, which is not in the repository"
    for name, (value, missing) in _pairs(layer, "environment").items():
        reason = f"it needs {', '.join(f'`{each}`' for each in missing)}" if missing else ""
        if missing == [name] and (held := layer.dotenv.get(name)):
            found[name] = held
        else:
            found[name] = Variable(value, layer.node.locate("environment", name), reason)
    return found, absent


def _env_files(layer: _Layer) -> list[str]:
    value = layer.node.get("env_file")
    if isinstance(value, list):
        inside = (
            (index, "path") if isinstance(each, dict) else (index,)
            for index, each in enumerate(value)
        )
        found = (layer.text("env_file", *path) for path in inside)
        return [each for each in found if each]
    return layer.listed("env_file")


def _mounts(tree: Tree, layer: _Layer) -> Iterator[Mount]:
    for index, node in layer.node.items("volumes"):
        where = node.locate()
        if isinstance(node.value, dict):
            source, target = (
                layer.written("volumes", index, "source"),
                layer.written("volumes", index, "target"),
            )
            bound = node.get("type") in (None, "bind")
        else:
            source, target, bound = _short(layer.written("volumes", index) or "")
        if target:
            yield _mount(tree, layer, source if bound else None, target, where)
    for other in layer.listed("volumes_from"):
        yield Mount("$", None, layer.node.locate("volumes_from"), reason=f"`{other}` has them")
    for kind in ("configs", "secrets"):
        yield from _configured(tree, layer, kind)


def _short(text: str) -> tuple[str | None, str | None, bool]:
    """Source, target, and whether the source is a path of the host, of ``source:target:mode``."""
    source, colon, rest = text.partition(":")
    if not colon:
        return None, text or None, False
    target = rest.partition(":")[0]
    return source, target, not _NAMED_VOLUME.fullmatch(source)


def _mount(tree: Tree, layer: _Layer, source: str | None, target: str, where: Location) -> Mount:
    path = resolved(layer.folder, source) if source else None
    there = path is not None and (path in tree or path in tree.folders)
    reason = (
        "" if there else f"`{source}` is not in the repository" if source else "it is a volume"
    )
    return Mount(target, path if there else None, where, reason=reason)


def _configured(tree: Tree, layer: _Layer, kind: str) -> Iterator[Mount]:
    """The files of a service's ``configs`` or ``secrets``."""
    for index, node in layer.node.items(kind):
        long = isinstance(node.value, dict)
        name = layer.text(kind, index, "source") if long else layer.text(kind, index)
        standard = f"/{name}" if kind == "configs" else f"/run/secrets/{name}"
        target = (layer.text(kind, index, "target") if long else None) or standard
        declared = layer.configs.get(name or "")
        file = declared.get("file") if declared else None
        content = declared.get("content") if declared else None
        if isinstance(content, str):
            yield Mount(target, None, node.locate(), content)
        else:
            yield _mount(tree, layer, str(file) if file else None, target, node.locate())


def _ports(layer: _Layer) -> Iterator[Port]:
    for index, node in layer.node.items("ports"):
        if isinstance(node.value, dict):
            target, published = (
                layer.text("ports", index, "target"),
                layer.text("ports", index, "published"),
            )
            found = [published or "", target or ""]
        else:
            found = (layer.text("ports", index) or "").partition("/")[0].split(":")
        if found[-1].isdigit():
            outside = found[-2] if len(found) > 1 else ""
            yield Port(int(found[-1]), published=int(outside) if outside.isdigit() else None)
    for text in layer.listed("expose"):
        if text.partition("/")[0].isdigit():
            yield Port(int(text.partition("/")[0]))


def _names(layer: _Layer) -> Iterator[str]:
    for key in ("container_name", "hostname"):
        if found := layer.text(key):
            yield found
    for name, _ in layer.node.items("networks"):
        if isinstance(name, str):
            yield from layer.listed("networks", name, "aliases")


def _elsewhere(layer: _Layer) -> Iterator[str]:
    """The hosts that a service knows besides the services of its project."""
    for key, node in layer.node.items("extra_hosts"):
        yield key if isinstance(key, str) else re.split("[:=]", str(node.value))[0]
    for link in (*layer.listed("links"), *layer.listed("external_links")):
        yield link.rpartition(":")[2]


def _joined(layer: _Layer) -> Iterator[str]:
    """The networks of a service on which there may be others."""
    if (mode := layer.text("network_mode")) and mode != "bridge":
        yield mode
    stated = layer.node.items("networks")
    names = [key if isinstance(key, str) else str(node.value) for key, node in stated]
    yield from layer.outer.intersection(names or ["default"])


def _command(layer: _Layer) -> tuple[str, ...]:
    value = layer.node.get("command")
    if isinstance(value, list):
        return tuple(layer.listed("command"))
    return tuple((layer.text("command") or "").split())

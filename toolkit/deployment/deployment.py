"""The deployment of a repository, and the questions it answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from toolkit.deployment.recognition import FileKind
from toolkit.deployment.site import Known, Mount, Site, Unknown
from toolkit.deployment.tree import Omission, Tree
from toolkit.findings import Finding, Location
from toolkit.kubernetes.manifests import Manifest


@dataclass(frozen=True, slots=True)
class Stated:
    """Facts that a contract states of its deployment."""

    declared: Location = field(default_factory=lambda: Location("contract"))
    variables: Mapping[str, str] = field(default_factory=dict)
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Paths of the repository by the absolute path at which a program finds them."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """Versions by product."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file at a site: one of the repository, or a text written in another file."""

    path: str
    """Its path at the site."""
    data: bytes
    origin: Location
    source: str | None = None
    """Its path in the repository."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """All sites of a repository."""

    tree: Tree
    sites: tuple[Site, ...] = ()
    stated: Stated = field(default_factory=Stated)
    faults: tuple[Finding, ...] = ()
    """Why files that describe the deployment could not be read."""
    kinds: Mapping[str, FileKind] = field(default_factory=dict)
    """The kinds of the files that can describe it."""
    hosts: frozenset[str] = frozenset()
    """The host names of all Services."""
    policies: tuple[Manifest, ...] = ()
    """The NetworkPolicies."""

    def at(self, product: str) -> tuple[Site, ...]:
        """The sites of a product."""
        return tuple(site for site in self.sites if site.product == product)

    def running(self, product: str) -> tuple[Site, ...]:
        """The sites of a product whose container is known, not only its version."""
        return tuple(site for site in self.at(product) if site.kind != "stated")

    def serving(self, product: str, sources: Sequence[str]) -> tuple[Site, ...]:
        """The sites of a product that have one of these files; all of them if none has."""
        return self.holding(product, sources) or self.at(product)

    def holding(self, product: str, sources: Sequence[str]) -> tuple[Site, ...]:
        """The sites of a product that have one of these files, be it as a ConfigMap's entry."""
        texts = {self.tree.text(each).strip() for each in sources if each in self.tree.contents}
        return tuple(
            site
            for site in self.at(product)
            if any(_holds(site, each) for each in sources)
            or any(mount.text is not None and mount.text.strip() in texts for mount in site.mounts)
        )

    def variable(self, sites: Sequence[Site], name: str) -> Known[str] | Unknown:
        """The value of a variable at some sites; it is unknown where they differ."""
        if name in self.stated.variables:
            return Known(self.stated.variables[name], self.stated.declared)
        set_there = [site.environment[name] for site in sites if name in site.environment]
        values = {each.value for each in set_there}
        if len(values) > 1:
            places = " and ".join(dict.fromkeys(str(each.origin) for each in set_there))
            return Unknown(f"{places} set it to different values")
        if not set_there:
            opened = next((site.open_environment for site in sites if site.open_environment), "")
            return Unknown(f"it may come from {opened}" if opened else "nothing here sets it")
        held = set_there[0]
        if held.value is None:
            return Unknown(f"{held.origin} sets it, and {held.reason}")
        return Known(held.value, held.origin)

    def files(
        self, sites: Sequence[Site], pattern: str, near: Sequence[str] = ()
    ) -> tuple[Content, ...] | Unknown:
        """The files behind a path or glob at some sites.

        Where no site here has the files that name it, a path is looked for by its end:
        ``/etc/logstash/patterns/app`` as ``logstash/patterns/app``, then as ``patterns/app``.

        Args:
            sites: Where the path is used.
            pattern: A path, in which ``*`` and ``?`` are a glob.
            near: Files of the repository that name it; the nearest of several ends counts.

        Returns:
            The files, sorted by path; an empty tuple if the repository holds the folder and no
            such file is in it; `Unknown` if no file here states the content of the path.
        """
        mounts = [*(mount for site in sites for mount in site.mounts), *self._stated_mounts()]
        covering = [mount for mount in mounts if _covers(mount.target, pattern)]
        found = {each.path: each for mount in covering for each in self._below(mount, pattern)}
        if found:
            return tuple(found[path] for path in sorted(found))
        closed = [mount for mount in covering if _inside(mount.target, pattern)]
        for mount in reversed(closed):
            if mount.source is None and mount.text is None:
                return Unknown(f"{mount.origin}: {mount.reason}")
            if passed := next(self._omitted(mount, pattern), None):
                return Unknown(f"{self.tree.shown(passed.path)} is not read: {passed.reason}")
        if any(m.source is not None and m.source in self.tree.folders for m in closed):
            return ()
        if any(_holds(site, name) for site in sites for name in near):
            return Unknown("no file or volume here is put at that path")
        ends = self.tree.ending(pattern, near)
        by_end = tuple(self._content(name, name) for name in ends if name in self.tree.contents)
        return by_end or Unknown("no file or volume here is put at that path")

    def _stated_mounts(self) -> Iterator[Mount]:
        for target, source in self.stated.mounts.items():
            path = source.removeprefix("./").rstrip("/")
            there = path in self.tree or path in self.tree.folders
            reason = "" if there else f"`{source}` is not in the repository"
            yield Mount(target, path if there else None, self.stated.declared, reason=reason)

    def _below(self, mount: Mount, pattern: str) -> Iterator[Content]:
        if mount.text is not None and _matches(mount.target, pattern):
            yield Content(mount.target, mount.text.encode(), mount.origin)
        if mount.source is None:
            return
        if mount.source in self.tree.contents:
            if _matches(mount.target, pattern):
                yield self._content(mount.target, mount.source)
            return
        for name in self.tree.below(mount.source):
            end = name[len(mount.source) :].lstrip("/")
            path = f"{mount.target.rstrip('/')}/{end}"
            if name in self.tree.contents and _matches(path, pattern):
                yield self._content(path, name)

    def _omitted(self, mount: Mount, pattern: str) -> Iterator[Omission]:
        """The files that are at a path, and that were passed over."""
        for each in self.tree.omitted if mount.source is not None else ():
            end = each.path[len(mount.source or "") :].lstrip("/")
            inside = _inside(mount.source or "", each.path)
            if inside and _matches(f"{mount.target.rstrip('/')}/{end}".rstrip("/"), pattern):
                yield each

    def _content(self, path: str, name: str) -> Content:
        return Content(path, self.tree.contents[name], Location(self.tree.shown(name)), name)

    def version(self, product: str, sites: Sequence[Site] = ()) -> Known[str] | Unknown:
        """The version of a product; it is unknown where its sites differ."""
        if product in self.stated.versions:
            return Known(self.stated.versions[product], self.stated.declared)
        images = [site.image for site in sites or self.at(product) if site.image]
        own = [image for image in images if image.product == product]
        versions = {image.version: image.origin for image in own if image.version}
        if len(versions) == 1:
            ((version, origin),) = versions.items()
            return Known(version, origin)
        if versions:
            return Unknown(f"its images are of versions {', '.join(sorted(versions))}")
        return Unknown("nothing here states its version")


def _holds(site: Site, source: str) -> bool:
    return any(
        mount.source is not None and (source == mount.source or _inside(mount.source, source))
        for mount in site.mounts
    )


def _inside(folder: str, path: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _covers(target: str, pattern: str) -> bool:
    """True if files at ``target``, or below it, can match a glob."""
    wanted, there = PurePosixPath(pattern).parts, PurePosixPath(target).parts
    return all(fnmatchcase(part, glob) for part, glob in zip(there, wanted, strict=False))


def _matches(path: str, pattern: str) -> bool:
    wanted, there = PurePosixPath(pattern).parts, PurePosixPath(path).parts
    if "**" in wanted:
        at = wanted.index("**")
        return there[:at] == wanted[:at] and any(
            _same(there[start:], wanted[at + 1 :]) for start in range(at, len(there) + 1)
        )
    return _same(there, wanted)


def _same(parts: Sequence[str], globs: Sequence[str]) -> bool:
    return len(parts) == len(globs) and all(map(fnmatchcase, parts, globs))

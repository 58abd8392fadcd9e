"""The objects of a deployment, and the references among them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from toolkit.deployment.tree import distance
from toolkit.errors import InputError
from toolkit.evidence.files import File, Files, FileSet, decode, read_each
from toolkit.evidence.kubernetes.arrangement import (
    Arrangement,
    ArrangementOf,
    Renderings,
    RenderingsOf,
)
from toolkit.evidence.kubernetes.injection import with_injected
from toolkit.evidence.kubernetes.rendering import rendered_by_helm, rendered_by_kustomize
from toolkit.evidence.kubernetes.unrendered import patched, unbuilt, unrendered
from toolkit.evidence.repository import repository
from toolkit.findings import Finding
from toolkit.kubernetes.defaulting.admission import admitted
from toolkit.kubernetes.manifests import (
    Manifest,
    ManifestFile,
    UnreadPart,
    is_custom,
    left_alone,
    mapping,
    read_manifests,
)
from toolkit.kubernetes.selectors import selects
from toolkit.kubernetes.validation import refusals
from toolkit.kubernetes.validation.fields import ErrorType
from toolkit.kubernetes.workloads import workloads
from toolkit.model.contract import Scope
from toolkit.model.expectations.kubernetes import InjectedExpectation, KubernetesExpectation
from toolkit.model.grouping import grouped
from toolkit.model.queries import Answer, Derived, Query

_CLUSTERS_OWN = ("kube-system", "kube-public", "kube-node-lease")
"""Namespaces that the cluster itself deploys to."""
_NO_MAKERS = (
    *("ServiceMonitor", "PodMonitor", "PrometheusRule", "Probe"),
    *("Rollout", "CloneSet", "DeploymentConfig", "ScaledObject", "VerticalPodAutoscaler"),
)
"""Kinds of custom resources whose pods, if any, are known."""

_NAMED = re.compile(r"(?:^|[/._-])patch(?:es)?[/._-]|\+(?:json|merge|strategic)\.")
"""Folders and files of patches; kubeadm reads the type of one from its name."""
_DIRECTIVES = ("$patch", "$retainKeys", "$setElementOrder/", "$deleteFromPrimitiveList/")


@dataclass(frozen=True, slots=True)
class Scaler:
    """An autoscaler and the workload it scales; None if it does not exist."""

    hpa: Manifest
    """A HorizontalPodAutoscaler, or a ScaledObject with the spec of one."""
    target: Manifest | None
    template: Manifest | None = None
    """The object with the template of the pods: the target, or the workload it refers to."""
    pods: tuple[Manifest, ...] = ()
    """The running pods, if a cluster was queried."""

    @property
    def measured(self) -> tuple[Manifest, ...]:
        """The objects whose containers count: the running pods, else the workload."""
        return self.pods or ((self.template,) if self.template else ())


@dataclass(frozen=True)
class Manifests:
    """All objects of some files, with their defaults, and those of the pods that they run."""

    manifests: tuple[Manifest, ...]
    namespace: str | None = None
    """That of objects that name none; None if it is not known."""
    pods: tuple[Manifest, ...] = ()
    """The running pods, if a cluster was queried."""
    others: tuple[Finding, ...] = ()
    """Documents of the files that are not objects, each once."""
    unread: tuple[UnreadPart, ...] = ()
    """Parts that may hold further objects."""
    complete: bool = False
    """True if no other objects exist, as in the answer of a cluster."""
    generated: frozenset[tuple[str, str]] = frozenset()
    """Kinds and names of what kustomizations generate."""

    def __post_init__(self) -> None:
        whole = tuple(admitted(self.manifests, self.surely_together))
        object.__setattr__(self, "manifests", whole)

    def __iter__(self) -> Iterator[Manifest]:
        return iter(self.manifests)

    def require(self) -> None:
        """Raise `InputError` with the reasons if there are files, and no object in them."""
        reasons = (*(each.why for each in self.unread), *self.others)
        if reasons and not self.manifests:
            raise InputError(*reasons)

    @cached_property
    def _of_kind(self) -> dict[str, list[Manifest]]:
        return grouped((each.kind, each) for each in self.manifests)

    def of(self, *kinds: str) -> Iterator[Manifest]:
        """Yield the objects of these kinds."""
        if len(kinds) == 1:
            return iter(self._of_kind.get(kinds[0], ()))
        return (each for each in self.manifests if each.kind in kinds)

    def workloads(self) -> Iterator[Manifest]:
        """Yield the objects that run pods."""
        return workloads(self.manifests)

    def namespace_of(self, manifest: Manifest) -> str:
        """The namespace an object goes to, which is kubectl's default if none is known."""
        return manifest.namespace or self.namespace or "default"

    def together(self, one: Manifest, other: Manifest) -> bool:
        """True if two objects may be in the same namespace: one that is not named is any."""
        spaces = (one.namespace or self.namespace, other.namespace or self.namespace)
        return None in spaces or spaces[0] == spaces[1]

    def surely_together(self, one: Manifest, other: Manifest) -> bool:
        """True if two objects go to the same namespace.

        Where neither names one, that is known of the objects of one folder, or of what is
        rendered together. What is rendered apart is mostly for different clusters.
        """
        spaces = (one.namespace or self.namespace, other.namespace or self.namespace)
        if one.rendered or other.rendered or spaces == (None, None):
            return spaces[0] == spaces[1] and _bundle(one) == _bundle(other)
        return spaces[0] == spaces[1]

    def same(self, one: Manifest, other: Manifest) -> bool:
        """True if two manifests describe one object, be it in different ways."""
        return (one.kind, one.name) == (other.kind, other.name) and self.together(one, other)

    def nearest(self, manifest: Manifest, found: Iterable[Manifest]) -> Manifest | None:
        """Of several, that in the same namespace for sure, and in the nearest file."""

        def apart(other: Manifest) -> tuple[bool, int]:
            return (
                not self.surely_together(manifest, other),
                distance(PurePosixPath(manifest.source), PurePosixPath(other.source)),
            )

        return min(found, key=apart, default=None)

    @cached_property
    def _makers(self) -> list[Manifest]:
        return [e for e in self.manifests if is_custom(e) and e.kind not in _NO_MAKERS]

    def makers(self, manifest: Manifest) -> list[Manifest]:
        """Return the custom resources of a namespace, from which operators may create pods."""
        return [each for each in self._makers if self.together(each, manifest)]

    def elsewhere(self, manifest: Manifest, *kinds: str) -> bool:
        """True if something that is not in the files may deploy such objects beside another."""
        return (
            manifest.namespace in _CLUSTERS_OWN
            or bool(self.makers(manifest))
            or any(each.may_hold(*kinds) for each in self.unread)
        )

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[Manifest]]:
        return grouped(((each.kind, each.name), each) for each in self.manifests)

    @cached_property
    def scalers(self) -> tuple[Scaler, ...]:
        """Every autoscaler with its target; KEDA makes one of a ScaledObject."""
        from toolkit.kubernetes.keda import autoscaler_of

        made = map(autoscaler_of, self.of("ScaledObject"))
        return tuple(map(self._scaler, (*self.of("HorizontalPodAutoscaler"), *made)))

    def _scaler(self, hpa: Manifest) -> Scaler:
        target = self.named_by(hpa, "spec", "scaleTargetRef")
        if target is None:
            return Scaler(hpa, None)
        refers = target.has("spec", "workloadRef")
        template = self.named_by(target, "spec", "workloadRef") if refers else target
        return Scaler(hpa, target, template, tuple(self._pods(template)) if template else ())

    def named_by(self, manifest: Manifest, *path: str) -> Manifest | None:
        """The object that a reference with `kind` and `name` means; the nearest of several."""
        wanted = mapping(manifest.get(*path))
        named = self._named.get((str(wanted.get("kind")), str(wanted.get("name"))), ())
        return self.nearest(manifest, (e for e in named if self.together(manifest, e)))

    def _pods(self, target: Manifest) -> Iterator[Manifest]:
        """Return the pods whose labels match the selector, whatever created them."""
        for each in self.pods:
            if self.together(each, target) and selects(
                target.get("spec", "selector"), each.labels
            ):
                yield each

    @cached_property
    def _by_target(self) -> dict[Manifest, Scaler]:
        found = reversed(self.scalers)
        return {e: each for each in found for e in (each.target, each.template) if e}

    def scaler(self, workload: Manifest) -> Scaler | None:
        """The autoscaler that sets the replicas of ``workload``."""
        return self._by_target.get(workload)

    def replicas(self, workload: Manifest) -> int:
        """Return the maximum number of pods: that of the autoscaler, else the replicas.

        A DaemonSet has one on the one node of a budget.
        """
        scaler = self.scaler(workload)
        if scaler is not None:
            return _count(scaler.hpa.get("spec", "maxReplicas"))
        if workload.kind in ("Job", "CronJob"):
            inside = ("spec", "jobTemplate") if workload.kind == "CronJob" else ()
            job = mapping(workload.get(*inside, "spec"))
            # No more pods are started than are to complete.
            most = job.get("completions") or math.inf
            return int(min(_count(job.get("parallelism")), most))
        return _count(workload.get("spec", "replicas"))


def _bundle(manifest: Manifest) -> str:
    """The folder whose objects are applied together."""
    return manifest.rendered or PurePosixPath(manifest.source).parent.as_posix()


def _count(stated: Any) -> int:
    return stated if isinstance(stated, int) else 1


@dataclass(frozen=True, slots=True)
class ManifestsIn(Derived[Manifests]):
    """Read files as manifests. What cannot be read is a caveat of `RelevantManifests`."""

    files: Query[FileSet]
    namespace: str | None = None
    injected: tuple[InjectedExpectation, ...] = ()

    def derive(self, files: Answer[FileSet]) -> Answer[Manifests]:
        found = _Found(self.injected)
        found.read(files.evidence)
        return found.answer(files.origin, self.namespace)


@dataclass(frozen=True, slots=True)
class DeployedManifests(Derived[Manifests]):
    """Read the files of a contract, and what is rendered of its kustomizations and charts."""

    arrangement: Query[Arrangement]
    renderings: Query[Renderings]
    namespace: str | None = None
    injected: tuple[InjectedExpectation, ...] = ()

    def derive(
        self, arrangement: Answer[Arrangement], renderings: Answer[Renderings]
    ) -> Answer[Manifests]:
        arranged = arrangement.evidence
        found = _Found(self.injected, others=list(arranged.notes))
        outputs = {each.folder: each for each in renderings.evidence.outputs}
        files = {each.name: each for each in arranged.files}
        for top in arranged.kustomizations:
            below = {each.name: each for each in arranged.below(top)}
            output = outputs.get(top.folder)
            if output is not None and not output.error:
                found.add(rendered_by_kustomize(arranged.tree, top.folder, output.text))
                files = {name: each for name, each in files.items() if name not in below}
                continue
            files |= below
            why = arranged.refused.get(top.folder) or (output.error if output else "")
            found.unread += unbuilt(arranged, top, why)
        for named in arranged.charts:
            output = outputs.get(named.chart.folder)
            if output is not None and not output.error:
                found.add(rendered_by_helm(arranged.tree, named, output.text))
                continue
            why = arranged.refused.get(named.chart.folder) or (output.error if output else "")
            found.unread.append(unrendered(arranged, named, why))
        found.read(files[name] for name in sorted(files))
        answer = found.answer(arrangement.origin, self.namespace)
        objects = replace(answer.evidence, generated=arranged.assembly.generated)
        built = {folder for folder, each in outputs.items() if not each.error}
        provisional = patched(arranged, objects.manifests, built)
        return replace(answer, evidence=objects, provisional=provisional)


@dataclass(slots=True)
class _Found:
    """The objects so far, and what is no object."""

    injected: tuple[InjectedExpectation, ...]
    manifests: list[Manifest] = field(default_factory=list)
    unread: list[UnreadPart] = field(default_factory=list)
    others: list[Finding] = field(default_factory=list)

    def add(self, manifests: Iterable[Manifest]) -> None:
        self.manifests += (with_injected(each, self.injected) for each in manifests)

    def read(self, files: Iterable[File]) -> None:
        """Read files one by one; what one of them lacks does not keep others from being read."""
        read, faults = read_each(files, _read)
        self.unread += map(UnreadPart, faults)
        for file in read:
            self.add(file.found)
            self.unread += file.unread
            self.others += file.others[:1]

    def answer(self, origin: str, namespace: str | None) -> Answer[Manifests]:
        distinct = _distinct(self.manifests)
        evidence = Manifests(
            distinct, namespace, others=tuple(self.others), unread=tuple(self.unread)
        )
        return Answer(evidence, origin, len(distinct), "manifests")


def _read(file: File) -> Iterator[ManifestFile]:
    read = read_manifests(decode(file, "a manifest"), source=file.name)
    patches = [each for each in read.found if _is_patch(each)]
    notes = (left_alone(each, "another program merges it into an object") for each in patches)
    whole = tuple(each for each in read.found if each not in patches)
    yield read._replace(found=whole, others=(*read.others, *notes))


def _is_patch(manifest: Manifest) -> bool:
    """Return True if it has directives for merging, or the name of a patch and lacks parts."""
    if any(each in manifest.document.text for each in _DIRECTIVES) and _directs(manifest.body):
        return True
    named = _NAMED.search(manifest.source)
    return bool(named) and any(e.type is ErrorType.REQUIRED for e in refusals(manifest.written))


def _directs(value: Any) -> bool:
    if isinstance(value, dict):
        return any(str(key).startswith(_DIRECTIVES) or _directs(value[key]) for key in value)
    return isinstance(value, list) and any(map(_directs, value))


def _distinct(found: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """The objects; one that is in several files is kept once for each rendering."""
    kept: dict[tuple[str | None, ...], list[Manifest]] = {}
    for each in found:
        own = (each.rendered, each.api_version, each.kind, each.namespace, each.name)
        alike = kept.setdefault(own, [])
        if not each.name or all(each.body != other.body for other in alike):
            alike.append(each)
    first = {id(each) for alike in kept.values() for each in alike}
    return tuple(each for each in found if id(each) in first)


@dataclass(frozen=True, slots=True)
class RelevantManifests(Derived[Manifests]):
    """The objects, for those who ask for some kinds; what may hold such objects is in doubt."""

    whole: Query[Manifests]
    kinds: tuple[str, ...] = ()
    """Those that are asked for; any if empty."""

    def derive(self, whole: Answer[Manifests]) -> Answer[Manifests]:
        unread = whole.evidence.unread
        lost = (e.why for e in unread if not self.kinds or e.may_hold(*self.kinds))
        return replace(whole, caveats=tuple(dict.fromkeys((*whole.caveats, *lost))))


def manifests(expected: KubernetesExpectation, scope: Scope) -> Query[Manifests] | None:
    """Return the query for the contract's objects; None if it has none."""
    if not expected.manifests:
        return None
    files = Files(expected.manifests, expected.declared, "manifests")
    found, prefix = repository(scope)
    arranged = ArrangementOf(files, found, prefix)
    rendered = RenderingsOf(arranged, found.root, expected.namespace)
    return DeployedManifests(arranged, rendered, expected.namespace, expected.injected)

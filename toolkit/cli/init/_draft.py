"""The text of a first contract, in the order of the hops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from toolkit.cli.init._data_views import Exports
from toolkit.cli.init._declared_types import DeclaredType, as_yaml, declared_types
from toolkit.cli.init._discovery import Found
from toolkit.cli.init._learning import Ecs, Learned, Learner, template_types
from toolkit.cli.init._named_logs import configured
from toolkit.cli.init._templates import indices_of, patterns_of, template_for
from toolkit.deployment.logstash import PipelineFiles
from toolkit.errors import InputError
from toolkit.logstash.config.nodes import Configuration, plugins
from toolkit.prometheus.exposition import Family, parse_exposition

_HEAD = """\
# What this project promises about its logs and metrics.
# Written by `toolkit init` from what it found: read it, correct it, keep it.
version: 1
"""
_SERVICE = """\
# A service that can be started here gives real lines and real metrics:
# service:
#   start: "python -m yourapp --port {port}"
#   ready: /health
#   log: app.log
#   metrics: /metrics
#   requests:
#     - {get: /, times: 20}
#     - {get: /missing, status: 404}
#     - {hostile: true}
"""
_RUNTIME = ("go_", "process_", "python_", "jvm_", "promhttp_", "scrape_", "nodejs_")
"""Prefixes of metrics that a runtime exports, not the service."""
_SERIES = ("counter", "gauge", "histogram", "summary")
_WIDTH = 80
_MOST = 20
"""Fields and series that a contract begins with."""


@dataclass(slots=True)
class Draft:
    """A contract, and what could not be found for it."""

    parts: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """For each, a phrase."""
    indices: list[str] = field(default_factory=list)
    """The index patterns of all logs."""
    unused: list[str] = field(default_factory=list)
    """Index templates whose indices no output names."""

    @property
    def text(self) -> str:
        """The whole contract."""
        return "\n".join(self.parts)


def draft(folder: Path, found: Found) -> Draft:
    """Write a contract for the files of a folder."""
    made = Draft([_HEAD, _SERVICE])
    exports = Exports({name: found.tree.text(name) for name in found.saved_objects})
    if found.pipelines or found.samples:
        made.parts.append("\n".join(["logs:", *_logs(folder, found, exports, made)]) + "\n")
    if found.rules or found.expositions or found.dashboards:
        made.parts.append("\n".join(["metrics:", *_metrics(found, made)]) + "\n")
    if found.saved_objects:
        made.parts.append("\n".join(["kibana:", *_kibana(found, exports, made)]) + "\n")
    if found.manifests:
        files = listed("  manifests", found.short(found.manifests))
        made.parts.append("\n".join(["kubernetes:", *files]) + "\n")
    return made


@dataclass(frozen=True, slots=True)
class _Log:
    """One entry of ``logs:`` before it is written."""

    folder: Path
    learner: Learner
    name: str
    pipeline: PipelineFiles | None
    samples: tuple[str, ...]
    ecs: str
    trees: tuple[Configuration, ...]
    """The configurations that can be parsed."""

    @property
    def files(self) -> tuple[str, ...]:
        """Globs of the configurations."""
        return self.pipeline.files if self.pipeline else ()

    def mentions(self, field: str) -> bool:
        """True if a configuration has the name of a field."""
        forms = (field, f"[{field.replace('.', '][')}]")
        return any(form in tree.sources.text for tree in self.trees for form in forms)

    def inputs(self) -> set[str]:
        """The names of its inputs."""
        return {each.name for tree in self.trees for each in plugins(tree.statements("input"))}


def _logs(folder: Path, found: Found, exports: Exports, made: Draft) -> Iterator[str]:
    templates = {each: patterns_of(found.tree.text(each)) for each in found.templates}
    calculated = exports.calculated_fields()
    used: set[str] = set()
    learner = Learner(folder)
    for pipeline, samples in _assigned(learner, found, made):
        ecs = (pipeline and pipeline.ecs_compatibility) or found.ecs_compatibility
        trees = _parsed(found, pipeline.files if pipeline else ())
        log = _Log(folder, learner, _name(pipeline, samples), pipeline, tuple(samples), ecs, trees)
        indices = indices_of(trees)
        mapped = template_for(indices, templates)
        if mapped is None and not indices and len(templates) == 1:
            mapped = next(iter(templates))
        used |= {mapped} if mapped else set()
        indices = indices or templates.get(mapped or "", ())
        made.indices += indices
        yield from _log(log, ",".join(indices), mapped, _shipper(log, found), calculated, made)
    made.unused += (each for each in templates if each not in used)


def _parsed(found: Found, globs: Sequence[str]) -> tuple[Configuration, ...]:
    names = [name for glob in globs for name in sorted(found.tree.matching(glob))]
    trees = (configured(name, found.tree.text(name)) for name in names)
    return tuple(tree for tree in trees if tree)


def _log(
    log: _Log,
    index: str,
    mapped: str | None,
    shipper: str | None,
    calculated: Mapping[str, str],
    made: Draft,
) -> Iterator[str]:
    yield f"  - name: {log.name}"
    yield from listed("    pipeline", log.files)
    if log.files and log.ecs:
        yield f"    ecs_compatibility: {log.ecs}"
    yield from _sample_lines(log.samples)
    yield from [f"    shipper: {quoted(shipper)}"] if shipper else []
    yield from [f"    index: {quoted(index)}"] if index else []
    yield from [f"    template: {quoted(mapped)}"] if mapped else []
    if not log.samples:
        made.missing.append(f"sample lines of `{log.name}`: name a file under `samples:`")
    if log.files:
        run = Learned({}, 0, 0)
        if log.samples:
            ecs = cast("Ecs", log.ecs or "v8")
            run = log.learner.learn(log.files, log.samples, shipper, mapped, ecs)
        yield from _fields(log, mapped, run, calculated, made)


def _fields(
    log: _Log, mapped: str | None, run: Learned, calculated: Mapping[str, str], made: Draft
) -> Iterator[str]:
    """The fields that events have; else those of filters, the template and panels."""
    if run.fields:
        yield f"    # Learned from {run.parsed} of {run.lines} sample lines."
        yield "    fields:"
        yield from (f"      {quoted(each)}: {kind}" for each, kind in run.fields.items())
        return
    typed = dict(declared_types(log.trees))
    for each, kind in template_types(log.folder, mapped).items() if mapped else ():
        typed[each] = DeclaredType(kind, mapped or "")
    for each, panel in calculated.items():
        if log.mentions(each):
            typed.setdefault(each, DeclaredType("float", f"calculated with by {panel}"))
    if not typed:
        why = f"{run.parsed} of {run.lines} sample lines are parsed" if run.lines else "no lines"
        yield f"    # No field was learned ({why})."
        yield "    # Name those that are read, with their types:"
        yield "    # fields: {http.response.status_code: short}"
        made.missing.append(f"fields of `{log.name}`: name those that are read under `fields:`")
        return
    yield "    # Not from events, as none could be made: read them before you rely on them."
    yield "    fields:"
    for each, known in list(typed.items())[:_MOST]:
        declared = f"      {quoted(each)}: {as_yaml(each, known.type)}"
        beside = f"{declared}  # {known.origin}"
        yield from [beside] if len(beside) <= _WIDTH else [f"      # {known.origin}", declared]
    if len(typed) > _MOST:
        yield f"      # {len(typed) - _MOST} more have a type in {mapped or 'the pipeline'}."


def listed(key: str, names: Sequence[str]) -> list[str]:
    """One name beside its key, several below it."""
    indent = " " * (len(key) - len(key.lstrip()) + 2)
    if len(names) > 1:
        return [f"{key}:", *(f"{indent}- {quoted(name)}" for name in names)]
    return [f"{key}: {quoted(name)}" for name in names]


def _sample_lines(samples: Sequence[str]) -> Sequence[str]:
    if samples:
        return listed("    samples", samples)
    return [
        "    # No sample lines were found: a few real lines prove what a pipeline does.",
        "    # samples: samples/*.log",
    ]


def _assigned(
    learner: Learner, found: Found, made: Draft
) -> list[tuple[PipelineFiles | None, list[str]]]:
    """Assign each sample file to the pipeline that names it, or that parses most of its lines."""
    given: list[tuple[PipelineFiles | None, list[str]]] = [
        (pipeline, []) for pipeline in (found.pipelines or (None,))
    ]
    files = [pipeline.files if pipeline else () for pipeline, _ in given]
    inside = [{name for glob in each for name in found.tree.matching(glob)} for each in files]
    unparsed: list[str] = []
    for sample in found.samples:
        named = [n for n, each in enumerate(inside) if each & found.named.get(sample, frozenset())]
        likely = named or range(len(given))
        parsed = {n: learner.parsed(files[n], sample) for n in likely if likely[1:]}
        best = max(likely, key=lambda n: parsed.get(n, 0))
        fits = parsed[best] if parsed else not learner.refuses(files[best], sample)
        (given[best][1] if named or fits else unparsed).append(sample)
    made.missing += _without_pipeline(unparsed)
    return given


def _without_pipeline(samples: Sequence[str]) -> Iterator[str]:
    if samples:
        more = f" and {len(samples) - 1} more" if samples[1:] else ""
        whose = "them" if samples[1:] else "it"
        yield (
            f"a pipeline for `{samples[0]}`{more}: none that can be run here makes fields of "
            f"{whose}"
        )


def _shipper(log: _Log, found: Found) -> str | None:
    """The only Filebeat there is, for a pipeline that Beats send to or that has no input."""
    if len(found.shippers) != 1:
        return None
    inputs = log.inputs()
    return found.shippers[0] if not inputs or inputs & {"beats", "elastic_agent"} else None


def _metrics(found: Found, made: Draft) -> Iterator[str]:
    yield from listed("  rules", found.short(found.rules))
    yield from listed("  dashboards", found.short(found.dashboards))
    if not found.expositions:
        made.missing.append(
            "an exposition: save one with `curl -s http://your-service/metrics > metrics.prom`"
        )
        yield "  # Which metrics exist is known from an exposition only:"
        yield "  # exposition: metrics.prom"
    else:
        path = found.expositions[0]
        yield f"  exposition: {quoted(path)}"
        yield from _series(found.tree.text(path), path)
    if found.rules or found.dashboards:
        yield "  # Exporters whose metrics are read as well: counted, not judged."
        yield "  # external: [kube-prometheus-stack]"


def _series(text: str, source: str) -> Iterator[str]:
    try:
        families = parse_exposition(text, source=source).families
    except InputError:
        return
    own = [each for each in families if each.series and not each.name.startswith(_RUNTIME)]
    if not own:
        return
    yield "  # Those of the service itself, as the exposition has them."
    yield "  series:"
    for each in own[:_MOST]:
        kind = f", type: {each.type}" if each.type in _SERIES else ""
        labels = f", labels: [{', '.join(_labels(each))}]" if _labels(each) else ""
        yield f"    - {{name: {each.name}{kind}{labels}}}"


def _labels(family: Family) -> list[str]:
    """The labels that all series of a metric have."""
    common = set.intersection(*({*each.labels} for each in family.series))
    return sorted(common - {"le", "quantile"})


def _kibana(found: Found, exports: Exports, made: Draft) -> Iterator[str]:
    yield from listed("  saved_objects", found.short(found.saved_objects))
    external = exports.filled_elsewhere(made.indices) if made.indices else ()
    if external:
        yield "  # No output here names these indices: others fill them, or a name is wrong."
        yield from listed("  external", external)


def _name(pipeline: PipelineFiles | None, samples: Sequence[str]) -> str:
    stem = pipeline.id if pipeline else Path(samples[0]).stem
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in stem) or "logs"


def quoted(text: str) -> str:
    """Return a YAML scalar, quoted if necessary."""
    plain = all(c.isalnum() or c in "_-./" for c in text) and text[:1].isalpha()
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

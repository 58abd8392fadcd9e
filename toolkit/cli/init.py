"""``toolkit init``: a first contract for a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from toolkit.cli._discovery import Found
    from toolkit.cli._learning import Ecs
    from toolkit.deployment.logstash import PipelineFiles
    from toolkit.findings import Finding

_HEAD = """\
# What this project promises about its logs and metrics.
# Written by `toolkit init` from what it found: read it, correct it, keep it.
version: 1
"""

_SERVICE = """\
# A service that can be started here proves most: its real lines, its real metrics.
# service:
#   start: "python -m yourapp --port {port}"
#   environment: {LOG_FILE: "{scratch}/app.log"}
#   ready: /health
#   log: app.log
#   metrics: /metrics
#   requests:
#     - {get: /, times: 20}
#     - {get: /missing, times: 3, status: 404}
#     - {hostile: true}
"""


@click.command("init")
@click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path()
)
def command(folder: Path) -> None:
    """Write a commented `toolkit.yml` for the files in FOLDER; never overwrite one."""
    from toolkit.cli._discovery import discover
    from toolkit.errors import UsageError

    path = folder / "toolkit.yml"
    if path.exists():
        raise UsageError(_there_already(path))
    found = discover(folder)
    if not found:
        raise UsageError(_nothing(folder, found))
    text = _contract(folder, found)
    path.write_text(text, "utf-8")
    for line in _summary(found):
        click.echo(line)
    where = "" if folder == Path() else f" {path.as_posix()}"
    click.echo(f"\nwrote {path.as_posix()}; next: toolkit verify{where}")


def _contract(folder: Path, found: Found) -> str:
    parts = [_HEAD, _SERVICE]
    if found.pipelines or found.samples:
        parts.append(_logs(folder, found))
    if found.rules or found.expositions or found.dashboards:
        parts.append(_metrics(found))
    if found.saved_objects:
        parts.append(_section("kibana", "saved_objects", found.saved_objects))
    if found.manifests:
        parts.append(_section("kubernetes", "manifests", found.manifests))
    return "\n".join(parts)


def _logs(folder: Path, found: Found) -> str:
    from toolkit.cli._learning import learn

    shipper = found.shippers[0] if found.shippers else None
    mapped = found.templates[0] if len(found.templates) == 1 else None
    lines = ["logs:"]
    for pipeline, samples in _assigned(folder, found, shipper):
        files = pipeline.files if pipeline else ()
        ecs = (pipeline and pipeline.ecs_compatibility) or found.ecs_compatibility
        lines.append(f"  - name: {_name(pipeline, samples)}")
        lines += _listed("pipeline", files)
        if files and ecs:
            lines.append(f"    ecs_compatibility: {ecs}")
        lines += _sample_lines(samples)
        lines += [f"    shipper: {_quoted(shipper)}"] if shipper else []
        lines += [f"    template: {_quoted(mapped)}"] if mapped else []
        if not files or not samples:
            continue
        learned = learn(folder, files, tuple(samples), shipper, mapped, cast("Ecs", ecs or "v8"))
        if learned.fields:
            lines.append(f"    # Learned from {learned.parsed} of {learned.lines} sample lines.")
            lines.append("    fields:")
            lines += [f"      {_quoted(name)}: {kind}" for name, kind in learned.fields.items()]
        else:
            lines += [
                f"    # No field was learned: {learned.parsed} of {learned.lines} sample lines",
                "    # are parsed. Name those that matter, with their types.",
                "    # fields: {http.response.status_code: short}",
            ]
    return "\n".join(lines) + "\n"


def _listed(key: str, names: Sequence[str]) -> list[str]:
    """One name beside its key, several below it."""
    if len(names) > 1:
        return [f"    {key}:", *(f"      - {_quoted(name)}" for name in names)]
    return [f"    {key}: {_quoted(name)}" for name in names]


def _sample_lines(samples: list[str]) -> list[str]:
    if not samples:
        return [
            "    # No sample lines were found: a few real lines prove what a pipeline does.",
            "    # samples: samples/*.log",
        ]
    return ["    samples:", *(f"      - {_quoted(sample)}" for sample in samples)]


def _assigned(
    folder: Path, found: Found, shipper: str | None
) -> list[tuple[PipelineFiles | None, list[str]]]:
    """Assign each sample file to the pipeline that parses most of its lines."""
    from toolkit.cli._learning import learn

    given: list[tuple[PipelineFiles | None, list[str]]] = [
        (pipeline, []) for pipeline in (found.pipelines or (None,))
    ]

    def parsed(pipeline: PipelineFiles | None, sample: str) -> int:
        files = pipeline.files if pipeline else ()
        return learn(folder, files, (sample,), shipper, None).parsed

    for sample in found.samples:
        best = max(given, key=lambda each: parsed(each[0], sample)) if given[1:] else given[0]
        best[1].append(sample)
    return given


def _metrics(found: Found) -> str:
    lines = ["metrics:"]
    if found.rules:
        lines += ["  rules:", *(f"    - {_quoted(rule)}" for rule in found.rules)]
    if found.dashboards:
        lines += ["  dashboards:", *(f"    - {_quoted(each)}" for each in found.dashboards)]
    if found.expositions:
        lines.append(f"  exposition: {_quoted(found.expositions[0])}")
    else:
        lines += [
            "  # Which metrics exist is known from an exposition only: save one by",
            "  # `curl -s http://your-service/metrics > metrics.prom` and name it here.",
            "  # exposition: metrics.prom",
        ]
    lines += [
        "  # Exporters whose metrics the rules read as well: counted, not judged.",
        "  # external: [kube-prometheus-stack]",
    ]
    return "\n".join(lines) + "\n"


def _section(name: str, key: str, files: list[str]) -> str:
    listed = "".join(f"    - {_quoted(each)}\n" for each in files)
    return f"{name}:\n  {key}:\n{listed}"


def _name(pipeline: PipelineFiles | None, samples: list[str]) -> str:
    stem = pipeline.id if pipeline else Path(samples[0]).stem
    return "".join(c if c.isalnum() or c in "-_" else "-" for c in stem) or "logs"


def _quoted(text: str) -> str:
    """Return a YAML scalar, quoted if necessary."""
    plain = all(c.isalnum() or c in "_-./" for c in text) and text[:1].isalpha()
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _summary(found: Found) -> list[str]:
    kinds = {
        "Logstash pipeline": [", ".join(each.files) for each in found.pipelines],
        "sample file": found.samples,
        "Filebeat configuration": found.shippers,
        "index template": found.templates,
        "rule file": found.rules,
        "saved scrape": found.expositions,
        "Grafana dashboard": found.dashboards,
        "Kibana export": found.saved_objects,
        "Kubernetes manifest": found.manifests,
    }
    return [
        *(
            f"found {len(names):>3} {kind + 's' * (len(names) != 1):<24} {', '.join(names[:3])}"
            f"{' …' if names[3:] else ''}"
            for kind, names in kinds.items()
            if names
        ),
        *_others(found),
        *_omitted(found),
    ]


def _others(found: Found) -> Iterator[str]:
    """The kinds of files that no section of the contract names."""
    for used, said in ((True, "read for the deployment"), (False, "left alone")):
        kinds = [kind for kind in sorted(found.others) if (kind in DESCRIBING) == used]
        if kinds:
            yield f"{said}: {', '.join(f'{found.others[kind]} {kind}' for kind in kinds)}"


DESCRIBING = frozenset(
    {
        "compose file",
        "Dockerfile",
        "environment file",
        "Logstash pipelines.yml",
        "Logstash settings",
    }
)
"""The kinds of files that describe where programs run, and with what."""


def _omitted(found: Found) -> Iterator[str]:
    """The files and folders that were passed over, by reason."""
    reasons: dict[str, list[str]] = {}
    for each in found.omitted:
        reasons.setdefault(each.reason, []).append(each.path)
    for reason, paths in reasons.items():
        shown = ", ".join(paths[:3]) + (" …" if paths[3:] else "")
        yield f"not read {shown}: {reason}"


def _there_already(path: Path) -> Finding:
    from toolkit.findings import Finding, Location

    return Finding(
        what=f"`{path.as_posix()}` exists already",
        where=Location(path.as_posix()),
        why="`toolkit init` never overwrites a contract",
        fix=f"run `toolkit verify {path.as_posix()}`, or move the file away.",
    )


def _nothing(folder: Path, found: Found) -> Finding:
    from toolkit.findings import Finding, Location

    others = [*_others(found), *_omitted(found)]
    return Finding(
        what="no files were found that a contract can name",
        where=Location(folder.as_posix()),
        why="the folder has no Logstash configurations, logs, rules, dashboards or manifests"
        + "".join(f"; {each}" for each in others),
        fix="name the folder they are in: `toolkit init DIR`.",
    )

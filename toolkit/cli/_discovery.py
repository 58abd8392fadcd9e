"""Finds the files below a folder that a contract can name; by content, not only by name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

_LARGEST = 2**20
_MOST = 20_000
_SKIPPED = frozenset(
    {"node_modules", "__pycache__", "build", "dist", "target", "venv", "site-packages", "vendor"}
)
_SECTION = re.compile(r"^\s*(?:input|filter|output)\s*\{", re.MULTILINE)
_COMPLETE = re.compile(r"^\s*input\s*\{", re.MULTILINE)
_RULES = re.compile(r"^\s*(?:- )?\"?(?:alert|record)\"?:", re.MULTILINE)
_GROUPS = re.compile(r"^(?:\"?groups\"?:|apiVersion:(?=[\s\S]*^\s+groups:))", re.MULTILINE)
"""At the top of a rule file, or within a manifest; in other files they are values of a chart."""
_FILEBEAT = re.compile(
    r"^filebeat(?:\.|:[ \t]*\n(?:[ \t].*\n|[ \t]*\n)*?[ \t]+)"
    r"(?:inputs|modules|autodiscover|config)\b",
    re.MULTILINE,
)
"""At the top of the file: a compose file may have a service of that name, a chart a section."""
_ECS = re.compile(
    r"^[^#\n]*pipeline[._]ecs_compatibility[\"']?\s*[:=]\s*[\"']?(disabled|v1|v8)\b",
    re.MULTILINE | re.IGNORECASE,
)
_LOG_TIME = re.compile(r"\d{2}[:.]\d{2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\"(?:@?time|ts|level)\"")


@dataclass(slots=True)
class Found:
    """Paths relative to the root, sorted; a pipeline is a file or a glob."""

    pipelines: list[str] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)
    shippers: list[str] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    expositions: list[str] = field(default_factory=list)
    dashboards: list[str] = field(default_factory=list)
    saved_objects: list[str] = field(default_factory=list)
    manifests: list[str] = field(default_factory=list)
    ecs_compatibility: str = ""
    """Logstash's `pipeline.ecs_compatibility` in settings or in a container; empty without one."""

    def __bool__(self) -> bool:
        logs, metrics = (self.pipelines, self.samples), (self.rules, self.dashboards)
        return any((*logs, *metrics, self.saved_objects, self.manifests))


def discover(root: Path) -> Found:
    """Classify the files below ``root``, without hidden folders and those of dependencies."""
    found = Found()
    configurations: dict[str, str] = {}
    for name, text in _texts(root):
        if _yaml(name) and (setting := _ECS.search(text)):
            found.ecs_compatibility = setting[1]
        if name.endswith((".conf", ".cfg", ".logstash")) and _is_logstash(text):
            configurations[name] = text
            continue
        for kind, applies in _KINDS:
            if applies(name, text):
                getattr(found, kind).append(name)
                break
    found.pipelines = list(_pipelines(configurations))
    return found


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in _files(root):
        try:
            if path.is_file() and path.stat().st_size <= _LARGEST:
                text = path.read_bytes().decode("utf-8", "replace")
                yield path.relative_to(root).as_posix(), text
        except OSError:
            continue


def _files(root: Path) -> Iterator[Path]:
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in _SKIPPED and not f.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > _MOST:
                return
            yield Path(folder, name)


def _is_logstash(text: str) -> bool:
    return bool(_SECTION.search(text)) and "=>" in text


def _pipelines(texts: dict[str, str]) -> Iterator[str]:
    """Files of a folder are one pipeline, unless several have inputs of their own."""
    by_folder: dict[PurePosixPath, list[str]] = {}
    for name in texts:
        by_folder.setdefault(PurePosixPath(name).parent, []).append(name)
    for folder, names in by_folder.items():
        complete = [name for name in names if _COMPLETE.search(texts[name])]
        suffixes = {PurePosixPath(name).suffix for name in names}
        if len(names) == 1 or len(complete) > 1 or len(suffixes) > 1:
            yield from names
        else:
            yield str(folder / f"*{suffixes.pop()}")


def _yaml(name: str) -> bool:
    return name.endswith((".yml", ".yaml"))


def _is_shipper(name: str, text: str) -> bool:
    return _yaml(name) and bool(_FILEBEAT.search(text)) and not _is_manifest(name, text)


def _is_rules(name: str, text: str) -> bool:
    named = _yaml(name) or name.endswith(".rules")
    return named and bool(_GROUPS.search(text)) and bool(_RULES.search(text))


def _is_template(name: str, text: str) -> bool:
    return name.endswith(".json") and '"index_patterns"' in text


def _is_dashboard(name: str, text: str) -> bool:
    return name.endswith(".json") and '"panels"' in text and '"schemaVersion"' in text


def _is_saved_objects(name: str, text: str) -> bool:
    return name.endswith(".ndjson") and '"type"' in text and '"attributes"' in text


def _is_manifest(name: str, text: str) -> bool:
    return _yaml(name) and "apiVersion:" in text and "kind:" in text


def _is_exposition(name: str, text: str) -> bool:
    return name.endswith((".prom", ".txt", ".metrics")) and "# TYPE " in text


def _is_sample(name: str, text: str) -> bool:
    parts: Sequence[str] = PurePosixPath(name).parts
    inside = any(re.search(r"sample|example|fixture|logs?$", part) for part in parts[:-1])
    wanted = name.endswith(".log") or (inside and name.endswith((".txt", ".jsonl")))
    lines: Iterable[str] = text.splitlines()[:20]
    return wanted and any(_LOG_TIME.search(line) for line in lines)


_KINDS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("shippers", _is_shipper),
    ("rules", _is_rules),
    ("manifests", _is_manifest),
    ("templates", _is_template),
    ("dashboards", _is_dashboard),
    ("saved_objects", _is_saved_objects),
    ("expositions", _is_exposition),
    ("samples", _is_sample),
)

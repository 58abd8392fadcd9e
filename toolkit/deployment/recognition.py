"""Recognises the files that a contract can name or that describe a deployment, by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

FileKind: TypeAlias = Literal[
    "compose file",
    "Dockerfile",
    "environment file",
    "Kubernetes manifest",
    "kustomization",
    "Helm chart",
    "Helm template",
    "Helm values",
    "Skaffold configuration",
    "Logstash pipeline",
    "Logstash pipelines.yml",
    "Logstash settings",
    "Filebeat configuration",
    "Beats configuration",
    "Elasticsearch settings",
    "Kibana settings",
    "index template",
    "component template",
    "Kibana saved objects",
    "Prometheus configuration",
    "rule file",
    "rule test",
    "exposition",
    "Grafana dashboard",
    "Grafana alerting",
    "Grafana provisioning",
    "systemd unit",
    "sample log",
]

_TIME = re.compile(r"\d{2}[:.]\d{2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\"(?:@?time(?:stamp)?|ts|level)\"")
_SAMPLE_FOLDER = re.compile(r"sample|example|fixture|test|logs?$", re.IGNORECASE)
_TEMPLATE_ACTION = re.compile(
    r"\{\{-?[^}\n]*(?:\.(?:Values|Release|Chart|Files)\b|include |template )"
)


def _key(name: str, value: str = "") -> re.Pattern[str]:
    """A key of YAML or JSON at the start of a line, quoted or not."""
    return re.compile(rf"^[ \t]*(?:-[ \t]+)?[\"']?{name}[\"']?[ \t]*:{value}", re.MULTILINE)


def _top(name: str, value: str = "") -> re.Pattern[str]:
    """A key in the first column."""
    return re.compile(rf"^[\"']?{name}[\"']?[ \t]*:{value}", re.MULTILINE)


def _inner(name: str) -> re.Pattern[str]:
    """A key at the start of a line, or within braces."""
    return re.compile(
        rf"(?:^[ \t]*(?:-[ \t]+)?|[{{,][ \t]*)[\"']?{name}[\"']?[ \t]*:", re.MULTILINE
    )


_API, _KIND = _key("apiVersion"), _key("kind")
_SERVICES = _top("services")
_GROUPS, _RULES = _top("groups"), _inner("rules")
_RULE = _inner("(?:alert|record)")
_OPENS_WITH_GROUPS = re.compile(r"(?:\s*(?:#.*|---.*)?\n)*[{\s]*[\"']?groups[\"']?\s*:")
_NESTED_GROUPS = _key("groups")
_FILEBEAT = re.compile(
    r"^[\"']?filebeat(?:\.|[\"']?:[ \t]*\n(?:[ \t].*\n|[ \t]*\n)*?[ \t]+)"
    r"(?:inputs|prospectors|modules|autodiscover|config)\b",
    re.MULTILINE,
)
"""At the top of the file: a compose file may have a service of that name, a chart a section."""
_BEATS = re.compile(r"^(?:metric|heart|audit|packet|winlog)beat\.", re.MULTILINE)
_ES_SETTINGS = re.compile(r"(?:elasticsearch|opensearch)\.ya?ml")
_KIBANA_SETTINGS = re.compile(r"(?:kibana|opensearch_dashboards)\.ya?ml")
_SCRAPES = _top("(?:scrape_configs|rule_files)")
_PIPELINES = re.compile(r"^-[ \t]+[\"']?pipeline\.id[\"']?[ \t]*:", re.MULTILINE)
_SECTION = re.compile(r"^[ \t]*(?:input|filter|output)[ \t\r\n]*\{", re.MULTILINE)
_DOCKERFILE = re.compile(r"dockerfile.*|.+\.dockerfile|containerfile")
_VALUES = re.compile(r"values(?:[.-][\w.-]+)?\.ya?ml")
_UNIT = re.compile(r"^\[Service\]", re.MULTILINE)
_TESTS = _top("(?:rule_files|tests)")
_INPUT_SERIES = _key("(?:input_series|alert_rule_test|promql_expr_test)")
_SAVED = re.compile(
    r"\"_?type\"\s*:\s*\"(?:dashboard|visualization|index-pattern|search|lens|map|query"
    r"|canvas-workpad|event-annotation-group)\""
)
_ATTRIBUTES = re.compile(r"\"(?:attributes|_source)\"\s*:")
_DATA_VIEW = re.compile(r"\s*\{\s*\"data_view\"\s*:")
_SKAFFOLD = re.compile(r"^apiVersion:[ \t]*[\"']?skaffold/", re.MULTILINE)
_KUSTOMIZE = re.compile(r"^kind:[ \t]*[\"']?(?:Kustomization|Component)\b", re.MULTILINE)
_DATASOURCES = _top("(?:datasources|providers)")
_NOTIFIES = _top("(?:contactPoints|policies|muteTimes)")
_CONDITION, _ASKED = _key("condition"), re.compile(r"\bdatasourceUid\b")
_CONFIG_MAP = _key("kind", r"[ \t]*[\"']?ConfigMap(?:List)?\b")


def _is_yaml(name: str) -> bool:
    return name.endswith((".yml", ".yaml"))


def _is_json(name: str) -> bool:
    return name.endswith(".json")


def _base(name: str) -> str:
    return PurePosixPath(name).name


def _is_dockerfile(name: str, text: str) -> bool:
    named = _DOCKERFILE.fullmatch(_base(name).lower())
    return bool(named and re.search(r"^\s*FROM\s", text, re.MULTILINE | re.IGNORECASE))


def _is_chart(name: str, text: str) -> bool:
    return _base(name) == "Chart.yaml" and "version:" in text


def _is_helm_template(name: str, text: str) -> bool:
    inside = "templates" in PurePosixPath(name).parts[:-1]
    return (inside or _is_yaml(name)) and bool(_TEMPLATE_ACTION.search(text))


def _is_helm_values(name: str, text: str) -> bool:
    return bool(re.fullmatch(r"values(?:[.-][\w.-]+)?\.ya?ml", _base(name))) and not _API.search(
        text
    )


def _is_kustomization(name: str, text: str) -> bool:
    named = _base(name) in ("kustomization.yaml", "kustomization.yml", "Kustomization")
    return named or (_is_yaml(name) and bool(_KUSTOMIZE.search(text)))


def _is_manifest(name: str, text: str) -> bool:
    return (_is_yaml(name) or _is_json(name)) and bool(_API.search(text) and _KIND.search(text))


def _is_pipeline(name: str, text: str) -> bool:
    # A service of nginx or HAProxy has braces too; only Logstash has arrows in sections.
    return (
        not _is_yaml(name) and not _is_json(name) and "=>" in text and bool(_SECTION.search(text))
    )


def _is_prometheus(name: str, text: str) -> bool:
    return _is_yaml(name) and bool(_SCRAPES.search(text)) and not _INPUT_SERIES.search(text)


def _is_rules(name: str, text: str) -> bool:
    # A page about rules has some in it, too: in a file of another suffix they come first.
    whole = _is_yaml(name) or _is_json(name) or _OPENS_WITH_GROUPS.match(text)
    return bool(whole and _GROUPS.search(text) and _RULES.search(text) and _RULE.search(text))


def _is_alerting(name: str, text: str) -> bool:
    if not (_is_yaml(name) or _is_json(name)):
        return False
    held = _GROUPS.search(text) and _CONDITION.search(text) and _ASKED.search(text)
    return bool(held or _NOTIFIES.search(text))


def _is_saved_objects(name: str, text: str) -> bool:
    if not name.endswith((".ndjson", ".json")):
        return False
    held = _SAVED.search(text) and _ATTRIBUTES.search(text)
    return bool(held or _DATA_VIEW.match(text))


def _is_exposition(name: str, text: str) -> bool:
    return name.endswith((".prom", ".txt", ".metrics", ".om")) and bool(
        re.search(
            r"^# TYPE \S+ (?:counter|gauge|histogram|summary|untyped|unknown)", text, re.MULTILINE
        )
    )


def _is_sample(name: str, text: str) -> bool:
    path = PurePosixPath(name)
    if path.suffix == ".log":
        return bool(text.strip())
    inside = any(_SAMPLE_FOLDER.search(part) for part in path.parts[:-1])
    wanted = inside and path.suffix in (".txt", ".jsonl", ".ndjson")
    return wanted and any(_TIME.search(line) for line in text.splitlines()[:20])


_KINDS: Mapping[FileKind, Callable[[str, str], bool]] = {
    "Helm chart": _is_chart,
    "Helm template": _is_helm_template,
    "Helm values": _is_helm_values,
    "Skaffold configuration": lambda name, text: _is_yaml(name) and bool(_SKAFFOLD.search(text)),
    "kustomization": _is_kustomization,
    "Kubernetes manifest": _is_manifest,
    "compose file": lambda name, text: _is_yaml(name) and bool(_SERVICES.search(text)),
    "Logstash pipelines.yml": lambda name, text: _is_yaml(name) and bool(_PIPELINES.search(text)),
    "Logstash settings": lambda name, text: _base(name) in ("logstash.yml", "logstash.yaml"),
    "Filebeat configuration": lambda name, text: _is_yaml(name) and bool(_FILEBEAT.search(text)),
    "Beats configuration": lambda name, text: _is_yaml(name) and bool(_BEATS.search(text)),
    "Elasticsearch settings": lambda name, text: bool(_ES_SETTINGS.fullmatch(_base(name))),
    "Kibana settings": lambda name, text: bool(_KIBANA_SETTINGS.fullmatch(_base(name))),
    "rule test": lambda name, text: (
        _is_yaml(name) and bool(_TESTS.search(text) and _INPUT_SERIES.search(text))
    ),
    "Prometheus configuration": _is_prometheus,
    "Grafana alerting": _is_alerting,
    "rule file": _is_rules,
    "Grafana provisioning": lambda name, text: _is_yaml(name) and bool(_DATASOURCES.search(text)),
    "Dockerfile": _is_dockerfile,
    "environment file": lambda name, text: bool(
        re.fullmatch(r"\.env(?:\..+)?|.+\.env", _base(name))
    ),
    "systemd unit": lambda name, text: name.endswith(".service") and bool(_UNIT.search(text)),
    "Logstash pipeline": _is_pipeline,
    "index template": lambda name, text: (
        _is_json(name)
        and bool(re.search(r"\"(?:index_patterns|template)\"\s*:", text))
        and bool(re.search(r"\"index_patterns\"|\"mappings\"", text))
        and bool(re.search(r"\"index_patterns\"\s*:|\"template\"\s*:\s*\"", text))
    ),
    "component template": lambda name, text: (
        _is_json(name)
        and bool(re.search(r"\A\s*\{\s*\"template\"\s*:\s*\{", text))
        and '"index_patterns"' not in text
    ),
    "Grafana dashboard": lambda name, text: (
        _is_json(name) and '"panels"' in text and '"schemaVersion"' in text
    ),
    "Kibana saved objects": _is_saved_objects,
    "exposition": _is_exposition,
    "sample log": _is_sample,
}
"""The first kind that applies counts."""


def carried(text: str) -> Iterator[FileKind]:
    r"""Yield the kinds of files within a manifest: in a PrometheusRule, or in ConfigMaps.

    >>> rules = "  a.rules: |\n    groups:\n    - rules:\n      - alert: A\n"
    >>> list(carried(f"kind: ConfigMap\ndata:\n{rules}"))
    ['rule file']
    """
    if _NESTED_GROUPS.search(text) and _RULE.search(text):
        yield "rule file"
    if _CONFIG_MAP.search(text):
        yield from (kind for kind, sign in _CARRIED.items() if sign.search(text))


_CARRIED: Mapping[FileKind, re.Pattern[str]] = {
    "Grafana dashboard": re.compile(r"\\?\"(?:panels|rows)\\?\"\s*:\s*\["),
    "Logstash pipeline": re.compile(r"^[ \t]*(?:input|filter|output)[ \t]*\{", re.MULTILINE),
    "Filebeat configuration": re.compile(
        r"^[ \t]+filebeat(?:\.|:\s+)(?:inputs|modules|autodiscover|config)\b", re.MULTILINE
    ),
    "Prometheus configuration": re.compile(r"^[ \t]+scrape_configs[ \t]*:", re.MULTILINE),
}


def recognise(name: str, text: str) -> FileKind | None:
    r"""The kind of a file; None if no kind applies.

    >>> recognise("values.yaml", "filebeatConfig:\n  filebeat.yml: |\n    filebeat.inputs:\n")
    'Helm values'
    >>> recognise("a.yml", "groups:\n- {name: a, rules: [{alert: A, expr: up}]}\n")
    'rule file'
    >>> recognise("alert.rules", "groups:\n- name: a\n  rules:\n  - alert: A\n")
    'rule file'
    """
    return next((kind for kind, applies in _KINDS.items() if applies(name, text)), None)


def is_candidate(name: str) -> bool:
    """True if the name of a file does not rule out that `recognise` knows its kind.

    Files without a suffix or of an unusual one may be pipelines or pattern files: they are
    candidates too, unless the suffix is one of code, pictures, archives and the like.
    """
    path = PurePosixPath(name.lower())
    return path.suffix not in _FOREIGN


_CODE_AND_PICTURES = """
.py .pyc .go .java .js .mjs .cjs .ts .tsx .jsx .css .scss .less .html .htm .md .rst .adoc
.png .jpg .jpeg .gif .svg .ico .webp .pdf .zip .gz .tgz .bz2 .xz .tar .jar .war .class .so
.dll .exe .bin .woff .woff2 .ttf .eot .mp4 .mov .pcap .lock .sum .mod .rb .php .c .h .cc
.cpp .hpp .rs .kt .scala .swift .cs .sql .sh .bat .ps1 .tf .proto .ipynb .parquet .mmdb .db
.sqlite
"""
_FOREIGN = frozenset(_CODE_AND_PICTURES.split())
"""Suffixes of files that nothing here reads."""

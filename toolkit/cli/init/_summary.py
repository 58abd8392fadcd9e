"""Lists what is found in a tree, what is read of it, and what is left alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from textwrap import wrap

from toolkit.cli.init._discovery import Found

WIDTH = 80
_DESCRIBING = (
    "compose file",
    "Dockerfile",
    "environment file",
    "Logstash pipelines.yml",
    "Logstash settings",
    "component template",
    "Helm values",
    "Helm template",
)
"""The kinds of files that describe where programs run, and with what."""


def summary(found: Found) -> Iterator[str]:
    """Yield a line for each kind of file, with the first of its names, and for what is left."""
    yield from _rows("found", _used(found))
    others = found.others.items()
    yield from _rows("read", {kind: names for kind, names in others if kind in _DESCRIBING})
    yield from left(found)


def left(found: Found) -> Iterator[str]:
    """Yield lines for the files that no section of a contract can name, by kind and reason."""
    others = sorted(found.others.items())
    yield from _rows("left", {kind: names for kind, names in others if kind not in _DESCRIBING})
    if found.unknown:
        counts = Counter(PurePosixPath(name).suffix for name in found.unknown)
        listed = ", ".join(f"{number} {suffix}" for suffix, number in sorted(counts.items()))
        left_alone = f"left  {len(found.unknown):>3} of no known format: {listed}"
        yield from wrap(left_alone, WIDTH, subsequent_indent=" " * 10)
    reasons: dict[str, list[str]] = {}
    for each in found.omitted:
        reasons.setdefault(each.reason, []).append(each.path)
    for reason, paths in reasons.items():
        room = WIDTH - len(f"not read : {reason}")
        yield f"not read {_first(paths, max(room, 20))}: {reason}"


def _used(found: Found) -> Mapping[str, Sequence[str]]:
    return {
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


def _rows(word: str, kinds: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for kind, names in kinds.items():
        if names:
            head = f"{word:<5} {len(names):>3} {_plural(kind, len(names)):<24} "
            yield head + _first(names, WIDTH - len(head))


def _plural(kind: str, number: int) -> str:
    """The name of a kind for some files.

    >>> _plural("rule file", 2), _plural("Logstash pipeline in a ConfigMap", 2)
    ('rule files', 'Logstash pipelines in a ConfigMap')
    """
    head, within, rest = kind.partition(" in ")
    fixed = number == 1 or head.endswith(("s", ".yml", "ing"))
    return f"{head}{'' if fixed else 's'}{within}{rest}"


def _first(names: Sequence[str], room: int) -> str:
    """Return the first names that fit, three at most; of a longer name its end.

    >>> _first(["a/b.yml", "c.yml", "d.yml"], 20), _first(["folder/of/x.yml"], 10)
    ('a/b.yml, c.yml …', '…/of/x.yml')
    """
    for number in (3, 2, 1):
        shown = ", ".join(names[:number]) + " …" * bool(names[number:])
        if len(shown) <= room:
            return shown
    rest = " …" * bool(names[1:])
    return f"…{names[0][len(rest) + 1 - room :]}{rest}"

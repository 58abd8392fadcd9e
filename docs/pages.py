"""What the generated pages say."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from docs.commands import commands
from docs.contract import contract
from tests.cases import Case, read_cases
from tests.conformance import RECORDINGS, known_differences
from tests.conformance import filters as recorded
from tests.conformance.apiserver import read_cases as read_verdicts
from tests.conformance.apiserver.compare import compare
from toolkit.checks import all_checks
from toolkit.kubernetes.validation import VERSION
from toolkit.logstash.filters import Filter, filter_class, filter_names
from toolkit.logstash.plugins import bundled

ROOT = Path(__file__).parents[1]
_CASES = ROOT / "tests" / "checks"
_WORDS = ("accepted", "wrongly refused", "named", "elsewhere", "missed")
_MADE = "<!-- made by `make docs`; edit the code instead -->\n"


def pages() -> Iterator[tuple[str, str]]:
    """Yield the path, from the root, and the text of each generated file."""
    cases = [case for case in read_cases(_CASES) if "\nPASS" not in case.blocks["report"]]
    # One that fails, if there is one: a check may only ever leave something unproven.
    examples = {
        _id(case): case for case in sorted(cases, key=lambda c: "\nFAIL" in c.blocks["report"])
    }
    yield "docs/checks.md", _checks(examples)
    yield "docs/commands.md", commands(_MADE)
    yield "docs/conformance.md", _conformance()
    yield "docs/contract.md", contract(_MADE)
    yield "toolkit/checks/examples.json", _examples(examples)


def _examples(cases: Mapping[str, Case]) -> str:
    """The examples that `toolkit explain` prints, where the tests are not installed."""
    found = {
        name: {"title": case.title, "finding": _finding(case)}
        for name, case in sorted(cases.items())
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _checks(examples: Mapping[str, Case]) -> str:
    parts = ["# Checks\n", _MADE, "What can be found wrong, in the order of the hops.\n"]
    for check in all_checks():
        rule, _, rest = check.doc.partition("\n\n")
        parts.append(
            f"## {check.id}\n\n{rule}\n\n{_deeper(rest)}\n\n{_example(examples[check.id])}"
        )
    return "\n".join(parts)


def _id(case: Case) -> str:
    return str(case.path.relative_to(_CASES).with_suffix("")).replace("_", "-")


def _deeper(text: str) -> str:
    return text.replace("\n## ", "\n### ").replace("## Why", "### Why", 1).replace("#### ", "### ")


def _example(case: Case) -> str:
    return f"### Example\n{case.title}:\n\n```text\n{_finding(case)}\n```\n"


def _finding(case: Case) -> str:
    """The first finding of a report, below its table."""
    return case.blocks["report"].split("\n\n")[1].rstrip()


def _conformance() -> str:
    head = [
        "# How exactly Logstash and the API server are emulated\n",
        _MADE,
        "Each recorded run of a filter is compared with what the real plugin printed",
        "(Logstash 9.2.0 where it ran in a pipeline). What is not emulated is refused by name.\n",
        "| filter | plugin version | options | not emulated | recorded runs agreed / all |",
        "|---|---|---|---|---|",
    ]
    rows = map(_row, filter_names())
    missing = sorted({*bundled("filter")} - {*filter_names()})
    tail = [
        "",
        "## Not emulated\n",
        "An event that reaches one of these proves nothing further, and the report says so:\n",
        ", ".join(f"`{name}`" for name in missing) + ".",
    ]
    return "\n".join([*head, *rows, *tail, *_verdicts()]) + "\n"


def _verdicts() -> Iterator[str]:
    """How the checks of manifests agree with the API server, by kind."""
    yield from (
        "\n## The API server of Kubernetes\n",
        "`manifests/schema` and `manifests/refused` are compared with recorded verdicts of the",
        f"server's own functions, {VERSION}, on objects with changes. Of those that it refuses,",
        "an object is *named* if there is an error at the path of the server's first one.\n",
        "| kind | accepted | wrongly refused | named | elsewhere | missed |",
        "|---|---|---|---|---|---|",
    )
    groups = compare(read_verdicts())
    found = Counter(
        (str(each.case.object.get("kind") or "none"), word)
        for word, group in groups.items()
        for each in group
    )
    for kind in sorted({kind for kind, _ in found}):
        yield f"| {kind} | {' | '.join(str(found[kind, word]) for word in _WORDS)} |"
    yield f"| all | {' | '.join(str(len(groups.get(word, ()))) for word in _WORDS)} |"


def _agreement(name: str) -> tuple[int, int]:
    """How many recorded runs of a filter agree, of how many; a test holds the differences."""
    differing, paths = known_differences(), RECORDINGS.glob("filters/*.jsonl")
    ids = [c.id for p in paths for c in recorded.read_cases(p) if c.record["filter"] == name]
    agreed, all_ = recorded.upstream_counts().get(name, (0, 0))
    return agreed + sum(each not in differing for each in ids), all_ + len(ids)


def _row(name: str) -> str:
    found = filter_class(name)
    assert found is not None
    common = {field.name for field in dataclasses.fields(Filter)}
    own = [field.name for field in dataclasses.fields(found) if field.name not in common]
    refused = ", ".join(f"`{option}`" for option in sorted(found.unsupported)) or "–"
    agreed, total = _agreement(name)
    runs = f"{agreed} / {total}" if total else "in whole pipelines only"
    return f"| `{name}` | {found.emulates} | {len(own)} | {refused} | {runs} |"

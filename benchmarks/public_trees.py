"""The first run on public repositories: what is found, what is true, what it costs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import yaml

from benchmarks.measuring import table
from toolkit.connectors.repository import open_tree
from toolkit.deployment.reading import kinds

_DATA = Path(__file__).with_suffix(".yml")
_COLUMNS = (
    "repository",
    "inputs",
    "named",
    "missed",
    "✗ true",
    "✗ false",
    "unproven",
    "exit",
    "useful",
    "CPU, s",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `toolkit init` and `toolkit verify` make of a copy of a tree."""

    code: int
    report: Mapping[str, Any]
    printed: str
    seconds: float
    """Processor time of both commands."""

    def errors(self) -> Iterator[tuple[str, str]]:
        """Each finding above a warning: its fingerprint, and a text that names it."""
        for each in self.report.get("findings", ()):
            if each["severity"] == "error":
                where = each["where"]
                place = f"{where['source']}:{where['line']}"
                yield each["fingerprint"], f"{each['check']} {place} {each['what']}"

    def is_useful(self, wrong: Mapping[str, str]) -> bool:
        """True if a hop or the way to a listener is proved, or a finding is true."""
        ways = (
            e for e in self.report.get("judgements", ()) if e["check"].endswith("/no-listener")
        )
        shown = (*self.report.get("hops", ()), *ways)
        proved = any(each["verdict"] == "pass" for each in shown)
        return proved or any(key not in wrong for key, _ in self.errors())


def main(folder: Path) -> None:
    """Print a table of the checkouts in a folder, and each finding that has no label."""
    trees: dict[str, dict[str, Any]] = yaml.safe_load(_DATA.read_text("utf-8"))
    rows = []
    for name, known in trees.items():
        checkout = folder / name.replace("/", "__")
        if not checkout.is_dir():
            print(f"not in {folder}: {name} at {known['commit']}", file=sys.stderr)
            continue
        rows.append(_row(name, checkout, known))
    table("Public repositories, `toolkit init` and `toolkit verify`", _COLUMNS, rows)


def _row(name: str, checkout: Path, known: Mapping[str, Any]) -> tuple[str, ...]:
    found, named, missed = _inputs(checkout, known["inputs"])
    for path in missed:
        print(f"{name}: missed {path}", file=sys.stderr)
    verdict = _verdict(checkout)
    right: list[str] = known.get("right", [])
    wrong: Mapping[str, str] = known.get("wrong", {})
    errors = dict(verdict.errors())
    for key in errors.keys() - wrong.keys() - {*right}:
        print(f"{name}: no label for {key}: {errors[key]}", file=sys.stderr)
    if "Traceback" in verdict.printed or "bug in" in verdict.printed:
        print(f"{name}: a bug of the toolkit", file=sys.stderr)
    false = sum(key in wrong for key in errors)
    unproven = sum(len(each["unproven"]) for each in verdict.report.get("judgements", ()))
    return (
        f"[{name}](https://github.com/{name}) {known['commit']}",
        str(len(found)),
        str(len(named)),
        str(len(missed)),
        str(len(errors) - false),
        str(false),
        str(unproven),
        str(verdict.code),
        "yes" if verdict.is_useful(wrong) else "no",
        f"{verdict.seconds:.1f}",
    )


def _inputs(checkout: Path, globs: list[str]) -> tuple[list[str], list[str], list[str]]:
    """The inputs of a known kind, those that are listed without one, and all others."""
    tree = open_tree(checkout, "")
    recognised = kinds(tree)
    listed = {*tree.contents, *(each.path for each in tree.omitted)}
    paths = {path for glob in globs for path in checkout.glob(glob) if path.is_file()}
    names = sorted(path.relative_to(checkout).as_posix() for path in paths)
    found = [name for name in names if name in recognised]
    rest = [name for name in names if name not in recognised]
    named = [name for name in rest if name in listed]
    return found, named, [name for name in rest if name not in listed]


def _verdict(checkout: Path) -> Verdict:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, checkout.name)
        shutil.copytree(checkout, copy, symlinks=True)
        before = getrusage(RUSAGE_CHILDREN)
        written = _toolkit(copy, "init")
        verified = _toolkit(
            copy,
            *("verify", "--no-service", "--format", "text", "--format", "json"),
            *("--output", "-", "--output", "report.json"),
        )
        after = getrusage(RUSAGE_CHILDREN)
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        path = copy / "report.json"
        report = json.loads(path.read_text("utf-8")) if path.exists() else {}
    code = verified.returncode if report else written.returncode
    return Verdict(code, report, written.stdout + verified.stdout, seconds)


def _toolkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "toolkit", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

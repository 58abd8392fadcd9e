"""``python -m tests.new check GROUP/NAME``, ``… filter NAME``: begin from an example.

The new module is that of a check, or of the filter of ``examples/plugin``, with the words taken
out that are its own. So it fits the code of today: it is checked and typed before the first edit,
and the cases of a check are green.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.cases import EXPECTED, Case, read_cases

ROOT = Path(__file__).parents[1]
DOCUMENTATION = '''\
"""State what holds, as one true sentence.

    ## Why it matters
    Describe what goes wrong, unseen, where it does not hold.

    ## How to fix it
    Describe what to change, and where.

    ## Reference
    https://example.org/the-page-that-is-the-authority
    """'''
FILTER_TEST = '''\
"""The `{name}` filter, and what the real plugin made of events."""

from __future__ import annotations

from tests.logstash.filters.recorded import expected, observed, recorded


def test_it_does_what_the_plugin_does() -> None:
    cases = recorded("{name}.jsonl")
    assert cases, "record runs of the real plugin: a line each, as in syslog_pri.jsonl"
    assert [case for case in cases if observed(case) != expected(case)] == []
'''


def new_check(root: Path, name: str, like: str | None = None) -> list[Path]:
    """Write the module and the case file of a new check.

    Args:
        root: The folder that holds ``toolkit`` and ``tests``.
        name: ``group/name``.
        like: The check to begin from, ``group/name``; by default the shortest of the group.

    Returns:
        The files that were written.

    Raises:
        SystemExit: The name is not valid or is taken, or there is no check to begin from.
    """
    if not re.fullmatch(r"[a-z]+/[a-z]+(-[a-z]+)*", name):
        raise SystemExit(f"`{name}` is not valid: write GROUP/NAME, as in logs/no-match")
    module, cases = _places(root, name)
    if module.exists():
        raise SystemExit(f"there is a check `{name}`: {module}")
    example, examples = _places(root, like) if like else _shortest(root, name)
    if not (example.is_file() and examples.is_file()):
        raise SystemExit(f"there is no check `{like}` to begin from")
    module.parent.mkdir(exist_ok=True)
    (module.parent / "__init__.py").touch()
    cases.parent.mkdir(exist_ok=True)
    module.write_text(_renamed(example.read_text("utf-8"), example.stem, module.stem), "utf-8")
    cases.write_text(_cases(examples, name), "utf-8")
    return [module, cases]


def _places(root: Path, name: str) -> tuple[Path, Path]:
    path = name.replace("-", "_")
    return root / f"toolkit/checks/{path}.py", root / f"tests/checks/{path}.md"


def _shortest(root: Path, name: str) -> tuple[Path, Path]:
    folder = _places(root, name)[0].parent
    written = (path for path in folder.glob("[!_]*.py") if _function(path.read_text("utf-8")))
    found = [path for path in written if _shows_both(root, f"{folder.name}/{path.stem}")]
    if not found:
        raise SystemExit(
            f"the group of `{name}` has no such file yet: add LIKE=group/name to begin from"
        )
    shortest = min(found, key=lambda path: (len(path.read_text("utf-8")), path))
    return _places(root, f"{folder.name}/{shortest.stem}")


def _shows_both(root: Path, name: str) -> bool:
    """True if there is a passing and a failing case of a check."""
    cases = _places(root, name)[1].read_text("utf-8")
    return "\nPASS  " in cases and "\nFAIL  " in cases


def _function(text: str) -> ast.FunctionDef | None:
    """The judging function of a module, if it is written out there."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and any(
            ast.unparse(each).startswith("check(") for each in node.decorator_list
        ):
            return node if ast.get_docstring(node) else None
    return None


def _renamed(text: str, old: str, new: str) -> str:
    """The text of a check under another name, with documentation to be written."""
    function = _function(text)
    assert function is not None
    lines = text.splitlines(keepends=True)
    for node, documentation in (
        (function, f"    {DOCUMENTATION}\n"),
        (ast.parse(text), '"""Name the fault in one line."""\n'),
    ):
        doc = node.body[0]
        lines[doc.lineno - 1 : doc.end_lineno] = [documentation]
    return re.sub(rf"^def {old}\(", f"def {new}(", "".join(lines), flags=re.MULTILINE)


def _cases(path: Path, name: str) -> str:
    """One passing and one failing case, whose reports are still to be written."""
    found = [case for case in reversed(list(read_cases(path.parent))) if case.path == path]
    verdicts = {
        verdict: next(case for case in found if f"\n{verdict}  " in case.blocks[EXPECTED])
        for verdict in ("PASS", "FAIL")
    }
    titles = {"PASS": "What is right is accepted", "FAIL": "What is wrong is reported"}
    parts = [f"# {name}\n\nWhat the check says of …\n"]
    parts += [_case(case, titles[verdict]) for verdict, case in verdicts.items()]
    return "\n".join(parts)


def _case(case: Case, title: str) -> str:
    """A case as it is written, without its report."""
    lines = case.path.read_text("utf-8").splitlines(keepends=True)
    first, last = case.expected_lines
    start = max(n for n in range(first) if lines[n].startswith("## "))
    return "".join([f"## {title}\n", *lines[start + 1 : first], *lines[last : last + 1]])


def new_filter(root: Path, name: str) -> list[Path]:
    """Write the module of a new filter, its test, and a file for runs of the real plugin.

    Args:
        root: The folder that holds ``toolkit``, ``tests`` and ``examples``.
        name: The plugin's name in a configuration.

    Returns:
        The files that were written.

    Raises:
        SystemExit: The name is not valid or is taken.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise SystemExit(f"`{name}` is not valid: write it as in a configuration, as in de_dot")
    module = root / f"toolkit/logstash/filters/{name}.py"
    if module.exists():
        raise SystemExit(f"there is a filter `{name}`: {module}")
    test = root / f"tests/logstash/filters/test_{name}.py"
    text = (root / "examples/plugin/acme_telemetry/mask.py").read_text("utf-8")
    kind = "".join(word.title() for word in name.split("_"))
    for old, new in (
        ("acme_mask", name),
        ("class Mask(", f"class {kind}("),
        ("_acmemaskfailure", f"_{name.replace('_', '')}failure"),
    ):
        text = text.replace(old, new)
    module.write_text(text, "utf-8")
    test.write_text(FILTER_TEST.format(name=name), "utf-8")
    test.with_name(f"{name}.jsonl").touch()
    return [module, test, test.with_name(f"{name}.jsonl")]


def main() -> None:
    """Write what is asked for, fill in the reports, and generate the page of docs."""
    parser = argparse.ArgumentParser(prog="python -m tests.new", description=__doc__)
    parser.add_argument("kind", choices=["check", "filter"])
    parser.add_argument("name")
    parser.add_argument("--like", metavar="NAME", help="what to begin from")
    given = parser.parse_args()
    is_check = given.kind == "check"
    written = (
        new_check(ROOT, given.name, given.like or None)
        if is_check
        else new_filter(ROOT, given.name)
    )
    commands = [["-m", "ruff", "format", "--quiet", str(written[0])], ["-m", "docs"]]
    if is_check:
        commands[1:1] = [["-m", "pytest", "-q", "tests/checks", "--update", "-k", given.name]]
    for command in commands:
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True)
    page = ROOT / "docs" / ("checks.md" if is_check else "conformance.md")
    for path in [*written, page]:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()

"""What import-linter cannot see: what third-party packages bring in, and what is left lazy."""

from __future__ import annotations

import ast
import json
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeGuard

import pytest

import toolkit
from toolkit.model.checks import HOPS

ROOT = Path(__file__).parents[1]
PACKAGE = Path(toolkit.__file__).parent
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages([str(PACKAGE)], "toolkit.")
    if module.name != "toolkit.__main__"
)
PURE = [
    name
    for name in MODULES
    if re.match(
        r"toolkit\.(checks|elasticsearch|errors|evidence|filebeat|findings|kibana|kubernetes"
        r"|languages|logstash|model|prometheus|reports)\b",
        name,
    )
]
OUTSIDE = frozenset(
    {"socket", "ssl", "subprocess", "http.client", "urllib.request", "requests", "asyncio.events"}
)
EXTRAS = frozenset({"duckdb", "flask", "locust", "elasticsearch", "gunicorn", "requests"})
HEAVY = frozenset(
    {
        "asyncio",
        "babel",
        "concurrent.futures",
        "duckdb",
        "onigurumacffi",
        "prometheus_client",
        "promql_parser",
        "pydantic",
        "pygrok",
        "ua_parser",
        "yaml",
    }
)

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: a, image: a}]}
"""
USED = frozenset({"concurrent.futures", "yaml"})
UNUSED = (
    r"toolkit\.(elasticsearch|filebeat|grafana|kibana|logstash|languages\.\w*(regex|time)"
    r"|connectors\.(service|recording)|deployment\.(compose|dockerfile|reading)"
    r"|evidence\.(elasticsearch|kibana|lineage|logs|autoscaling|kubernetes\.cluster)"
    r"|checks\.(elasticsearch|kibana|logs|dashboards|service)\."
    r"|checks\.(agreement\.[^_]|autoscaling\.min_over_max|manifests\.image_drift))"
)
MOST = {"explain": 12, "verify": 138}
"""Modules of this package that a command may import: a check is one only if it judges."""


@cache
def imported(statement: str) -> frozenset[str]:
    """What a fresh interpreter has imported after ``statement``."""
    program = f"import sys, json\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return frozenset(json.loads(done.stdout.splitlines()[-1]))


def ours(found: frozenset[str]) -> set[str]:
    return {name for name in found if name.partition(".")[0] == "toolkit"}


def test_what_judges_and_reports_cannot_reach_outside() -> None:
    """All pure modules in one interpreter; what fails here, bisect by hand."""
    assert PURE
    found = imported("; ".join(f"import {name}" for name in PURE))
    assert OUTSIDE & found == set()


def test_the_core_needs_none_of_the_extras() -> None:
    found = imported("; ".join(f"import {name}" for name in MODULES))
    assert EXTRAS & found == set()
    assert not {name for name in found if name == "app" or name.startswith("app.")}


def test_the_help_imports_nothing_heavy() -> None:
    """What ``toolkit --help`` costs is measured in `benchmarks`; this is why it is little."""
    found = imported(_run("--help"))
    assert HEAVY & found == set()
    assert not {name for name in found if name.startswith(("toolkit.checks", "toolkit.logstash"))}


def test_what_explains_a_check_does_not_import_it() -> None:
    found = imported(_run("explain", "logs/no-match"))
    assert HEAVY & found == set()
    layers = r"toolkit\.(checks\.[^_]|evidence|model)"
    assert not {name for name in found if re.match(layers, name)}
    assert len(ours(found)) <= MOST["explain"]


def test_a_contract_imports_what_it_uses(tmp_path: Path) -> None:
    (tmp_path / "toolkit.yml").write_text("kubernetes: {manifests: pod.yml}\n")
    (tmp_path / "pod.yml").write_text(POD)
    found = imported(_run("verify", str(tmp_path)))
    unused = {"kubernetes_validate", "jsonschema", "importlib.metadata", *(HEAVY - USED)}
    assert unused & found == set()
    assert not {name for name in found if re.match(UNUSED, name)}
    assert len(ours(found)) <= MOST["verify"]


def _run(*arguments: str) -> str:
    return (
        "from toolkit.cli import main\n"
        f"try:\n    main({[*arguments]}, prog_name='toolkit')\nexcept SystemExit: pass"
    )


@pytest.mark.parametrize("plugin", ["telemetry_contract.plugin"])
def test_the_pytest_plugin_costs_other_projects_nothing(plugin: str) -> None:
    """It is loaded in every run of pytest where the toolkit is installed."""
    found = imported(f"import pytest, {plugin}")
    assert (HEAVY - {"asyncio", "concurrent.futures"}) & found == set()
    assert not {name for name in found if name.startswith("toolkit")}


@pytest.mark.parametrize("name", MODULES)
def test_only_a_package_lists_what_it_exports(name: str) -> None:
    """Elsewhere a name without underscore is public: one list less to keep."""
    module = import_module(name)
    exported = getattr(module, "__all__", None)
    if not hasattr(module, "__path__"):
        assert exported is None, f"{name} is no package"
    elif exported is None:
        assert not _defines(module.__file__ or ""), f"{name} has no __all__"
    else:
        assert list(exported) == sorted(set(exported), key=_natural), f"{name}: sorted, each once"
        assert [each for each in exported if not hasattr(module, each)] == []


def _classes() -> Iterator[tuple[str, str]]:
    """Yield the name of each module, and of each class in it."""
    for name in MODULES:
        for node in ast.parse(Path(import_module(name).__file__ or "").read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                yield name, node.name


def test_no_two_public_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for module, name in _classes():
        homes.setdefault(name, []).append(module)
    assert {k: v for k, v in homes.items() if len(v) > 1 and not k.startswith("_")} == {}


def test_modules_with_a_private_class_of_one_name_do_not_import_each_other() -> None:
    homes: dict[str, set[str]] = {}
    for module, name in _classes():
        if name.startswith("_"):
            homes.setdefault(name, set()).add(module)
    imports = {module: _imports(module) for modules in homes.values() for module in modules}
    assert [
        (name, module, imported)
        for name, modules in homes.items()
        for module in modules
        for imported in modules & imports[module] - {module}
    ] == []


def _imports(module: str) -> set[str]:
    tree = ast.parse(Path(import_module(module).__file__ or "").read_text("utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {
        name
        for node in froms
        for name in (node.module or "", *(f"{node.module}.{each.name}" for each in node.names))
    }


def _functions(module: str) -> Iterator[tuple[bool, ast.FunctionDef]]:
    """Yield the functions and methods of a module, and whether a protocol defines them."""
    tree = ast.parse(Path(import_module(module).__file__ or "").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield False, node
        elif isinstance(node, ast.ClassDef):
            protocol = any(getattr(base, "id", "") == "Protocol" for base in node.bases)
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    yield protocol, each


def test_public_functions_of_three_parameters_document_each() -> None:
    """Commands and checks are documented for their users, a protocol's method in the protocol."""
    functions = [(module, *each) for module in MODULES for each in _functions(module)]
    of_protocols = {node.name for _, protocol, node in functions if protocol}
    missing = []
    for module, protocol, node in functions:
        documented = ast.get_docstring(node) or ""
        given = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        names = [each.arg for each in given if each.arg not in ("self", "cls")]
        if (
            len(names) < 3
            or node.name.startswith("_")
            or not documented
            or any(isinstance(each, ast.Call) for each in node.decorator_list)
            or (node.name in of_protocols and not protocol)
        ):
            continue
        _, _, args = documented.partition("Args:\n")
        missing += [
            f"{module}.{node.name}: {name}"
            for name in names
            if not re.search(rf"^ +{name}: \S", args, re.MULTILINE)
        ]
    assert missing == []


def test_docstrings_begin_with_what_is_returned_not_with_what() -> None:
    assert [
        f"{module}: {documented[:40]}"
        for module in MODULES
        for node in ast.walk(
            ast.parse(Path(import_module(module).__file__ or "").read_text("utf-8"))
        )
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)
        if (documented := ast.get_docstring(node) or "").startswith(("What ", "Whether "))
    ] == []


def _natural(word: str) -> tuple[int, str]:
    """Constants, classes, then functions, as ruff sorts them."""
    kind = 0 if word.isupper() and len(word) > 1 else 1 if word[0].isupper() else 2
    return kind, word


def _defines(path: str) -> bool:
    tree = ast.parse(Path(path).read_text("utf-8"))
    return any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name: str) -> None:
    doc = import_module(name).__doc__ or ""
    assert doc.partition("\n")[0].endswith((".", ";", ":", "?", ",")), f"{name}: {doc[:60]!r}"


def test_layers_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_files_stay_small() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for folder in ("toolkit", "telemetry_contract", "app")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: size for name, size in sizes.items() if size > 400} == {}
    assert sorted(sizes.values())[len(sizes) // 2] <= 100


def test_a_check_fits_on_a_page() -> None:
    """One rule a file; one that holds in several groups stands beside them, a check for each."""
    checks = PACKAGE / "checks"
    for path in (*checks.glob("*/[!_]*.py"), *checks.glob("[!_]*.py")):
        names = [each.name for each in ast.parse(path.read_text("utf-8")).body if _is_check(each)]
        groups = [each for each in names if each in HOPS]
        assert names == ([path.stem] if path.parent != checks else groups), path


def _is_check(node: ast.stmt) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(each, ast.Call) and getattr(each.func, "id", "") == "check"
        for each in node.decorator_list
    )

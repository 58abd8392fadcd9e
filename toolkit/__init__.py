"""Verify that logs and metrics arrive as a contract promises (telemetry-contract)."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec
from pathlib import Path


def _give_way() -> None:
    """Let another project's ``toolkit`` have the name in this process, if it can be imported.

    Python takes the first regular package on its path, so that ours would hide one that is
    installed in editable mode, or that has no ``__init__``. docs/decisions/0031-neighbours.md
    """
    here = Path(__file__).parents[1]
    elsewhere = [each for each in sys.path if Path(each).resolve() != here]
    for finder in sys.meta_path:
        spec = finder.find_spec("toolkit", elsewhere if finder is PathFinder else None)
        if spec is not None and _is_another(spec):
            sys.modules["toolkit"] = module = module_from_spec(spec)
            if spec.loader is not None:
                spec.loader.exec_module(module)
            return


def _is_another(spec: ModuleSpec) -> bool:
    if spec.origin is None:
        folders = map(Path, spec.submodule_search_locations or ())
        return any(path for each in folders for path in (*each.glob("*.py"), *each.glob("*/*.py")))
    try:
        return b"telemetry-contract" not in Path(spec.origin).read_bytes()
    except OSError:
        return True


_give_way()

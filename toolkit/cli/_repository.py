"""The files around the configurations a command is given, and the contract that has them."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from toolkit.cli._contract import read_scope
from toolkit.connectors.repository import open_tree
from toolkit.deployment.deployment import Stated
from toolkit.deployment.reading import describes, kinds, read_deployment
from toolkit.deployment.surroundings import Surroundings
from toolkit.errors import InputError
from toolkit.evidence.deployment import stated
from toolkit.findings import Location
from toolkit.model.contract import Contract
from toolkit.model.expectations.logs import LogExpectation


@cache
def surroundings(sources: tuple[str, ...]) -> Surroundings:
    """The repository around some configurations."""
    root = _root(sources)
    tree = open_tree(root, "" if root == Path.cwd() else root.as_posix())
    inside = (os.path.relpath(source, root) for source in sources if source != "-")
    contract = _contract(root)
    known = stated(contract) if contract else Stated()
    deployment = read_deployment(tree, kinds(tree, describes), known)
    return Surroundings(deployment, "logstash", tuple(inside))


def _root(sources: Iterable[str | Path]) -> Path:
    """The repository around some configurations: this folder, or the one above theirs."""
    here = Path.cwd()
    folders = {Path(source).absolute().parent for source in sources if source != "-"}
    if all(folder.is_relative_to(here) for folder in folders):
        return here
    return Path(os.path.commonpath(folders)).parent


def _contract(root: Path) -> Contract | None:
    if not (root / "toolkit.yml").is_file():
        return None
    return read_scope(root / "toolkit.yml").contract


def expectation(found: frozenset[Path]) -> tuple[frozenset[Path], LogExpectation] | None:
    """The logs whose pipeline has these files, and all files it has, by the nearest contract."""
    if not found:
        return None
    root, folder = _root(found), Path(os.path.commonpath({each.parent for each in found}))
    above = [each for each in (folder, *folder.parents) if each.is_relative_to(root)]
    root = next((each for each in above if (each / "toolkit.yml").is_file()), root)
    contract = _contract(root)
    for logs in contract.logs if contract else ():
        names = (name for each in logs.pipeline for name in _glob(each, root))
        files = frozenset((root / name).resolve() for name in names)
        if found <= files:
            return files, logs
    return None


def expanded(paths: Iterable[str]) -> Iterator[str]:
    """Yield each file once; of a folder those that Logstash reads: not those ending in ``~``."""
    found: dict[str, None] = {}
    for path in paths:
        inside = f"{path}/*" if Path(path).is_dir() else path
        exact = path == "-" or (Path(path).exists() and not Path(path).is_dir())
        names = [path] if exact else [name for name in _glob(inside) if Path(name).is_file()]
        if not names:
            raise InputError.of(
                what=f"there is no configuration at `{path}`",
                where=Location(path),
                why="the path of a file, of a folder with files, or a glob is needed",
                fix="correct the path.",
            )
        found |= dict.fromkeys(name for name in names if exact or not name.endswith("~"))
    return iter(found)


def _glob(pattern: str, root: Path | None = None) -> list[str]:
    return sorted(glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207

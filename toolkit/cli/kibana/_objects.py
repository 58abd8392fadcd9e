"""The saved objects of a contract, in the format of Kibana's import."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from toolkit.cli._evidence import evidence_of
from toolkit.connectors.files import FileSystem
from toolkit.errors import InputError, UsageError
from toolkit.evidence.files import File, FileSet
from toolkit.evidence.kibana.saved_objects import object_files
from toolkit.kibana.objects import SavedObject
from toolkit.model.contract import Scope


def files(scope: Scope) -> tuple[File, ...]:
    """Return the files of the contract; raises `UsageError` without any, and `InputError`."""
    expected = scope.contract.kibana
    if expected is None or not expected.saved_objects:
        raise UsageError.of(
            what="the contract has no saved objects",
            where=scope.contract.declared,
            why="there is nothing to import",
            fix="add `kibana: {saved_objects: pipelines/kibana/*.ndjson}`.",
        )
    connectors = [FileSystem(Path(scope.folder))]
    found: FileSet = evidence_of(object_files(expected), connectors, InputError)
    return found.files


def as_lines(found: Iterable[tuple[File, tuple[SavedObject, ...]]]) -> bytes:
    """Return NDJSON, one object a line; an export of Kibana is left as it is."""
    return b"".join(_lines(file, objects) for file, objects in found)


def _lines(file: File, objects: tuple[SavedObject, ...]) -> bytes:
    if Path(file.name).suffix == ".ndjson":
        return file.data.rstrip(b"\n") + b"\n"
    lines = (json.dumps(each.body, ensure_ascii=False) for each in objects)
    return "".join(f"{line}\n" for line in lines).encode()

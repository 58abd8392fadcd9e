"""Pipeline test cases of elastic-package: a file of lines or events, and files beside it.

`test-x.log` or `test-x.json` is what comes in, `test-x.log-expected.json` what is to come out;
`test-common-config.yml` and `test-x.log-config.yml` hold how lines are joined, the initial fields
of all events, and the fields that are only compared with a pattern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolkit.cli.logstash._cases import Case, CaseEvents, CaseFile, wrong
from toolkit.cli.logstash._dynamic import without
from toolkit.errors import InputError
from toolkit.languages.positioned_json import read_json
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_2

_KNOWN = ("multiline", "fields", "dynamic_fields", "numeric_keyword_fields",
          "string_number_fields", "skip")  # fmt: skip
"""The fourth and fifth are of types in Elasticsearch, and mean nothing before it."""
_COMMON = "test-common-config.yml"


def is_package_case(path: Path) -> bool:
    """Return True for a log, and for JSON that is an object with the key ``events`` only."""
    if path.suffix == ".log":
        return True
    try:
        return path.suffix == ".json" and {"events"} == set(read_json(_text(path), str(path)))
    except (InputError, TypeError):
        return False


def read_package_case(path: Path) -> CaseFile:
    """Read a case and the files beside it; raises `InputError` if one is malformed."""
    config = _config(path)
    skip = config.get("skip")
    if path.suffix == ".log":
        pattern = _pattern(path, (config.get("multiline") or {}).get("first_line_pattern"))
        fields = config.get("fields") or {}
        events = [{"message": entry, **fields} for entry in _entries(_text(path), pattern)]
    else:
        events = _events(path, "events")
    expected = _expected_file(path)
    found = _events(expected, "expected") if expected.exists() else []
    patterns = (config.get("dynamic_fields") or {}).items()
    dynamic = {name: _pattern(path, pattern) for name, pattern in patterns}
    anything = dict.fromkeys(dynamic)
    case = Case(
        f"skipped: {skip.get('reason', 'no reason given')}" if skip else f"{len(events)} events",
        () if skip else tuple(json.dumps(event, default=str) for event in events),
        () if skip else tuple(without(anything, event) for event in found if event is not None),
    )
    return CaseFile(path, {}, (case,), "json", dynamic=dynamic)


def rewrite_package_case(file: CaseFile, result: CaseEvents) -> None:
    """Write the events of ``result`` beside the case, as `elastic-package test --generate`."""
    (case,) = file.cases
    if case.lines:
        document = {"expected": list(result.events)}
        text = json.dumps(document, ensure_ascii=False, indent=4, sort_keys=True)
        _expected_file(file.path).write_text(text + "\n", "utf-8")


def _expected_file(path: Path) -> Path:
    return path.with_name(f"{path.name}-expected.json")


def _entries(text: str, first: re.Pattern[str] | None) -> Iterator[str]:
    lines = [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")]
    if not text:
        return
    if first is None:
        yield from lines
        return
    entry: list[str] = []
    for line in lines:
        if entry and first.search(line):
            yield "\n".join(entry)
            entry = []
        entry.append(line)
    yield "\n".join(entry)


def _pattern(path: Path, pattern: Any) -> re.Pattern[str] | None:
    try:
        return None if pattern is None else re.compile(str(pattern))
    except re.error as error:
        raise wrong(path, f"`{pattern}` is no regular expression", error) from None


def _config(path: Path) -> dict[str, Any]:
    """Return the common configuration, overridden by that of the case."""
    config: dict[str, Any] = {}
    for file in (path.with_name(_COMMON), path.with_name(f"{path.name}-config.yml")):
        if file.exists():
            for key, value in _object(file, _settings(file)).items():
                if key not in _KNOWN:
                    why = f"the keys are {', '.join(_KNOWN)}"
                    raise wrong(file, f"`{key}` is no key of such a file", why)
                both = isinstance(value, dict) and isinstance(config.get(key), dict)
                config[key] = config[key] | value if both else value
    return config


def _events(path: Path, key: str) -> list[Any]:
    events = _object(path, read_json(_text(path), str(path))).get(key)
    if not isinstance(events, list) or not all(isinstance(e, dict | None) for e in events):
        raise wrong(path, f"there are no events under `{key}`", "it is a list of objects")
    return events


def _settings(path: Path) -> Any:
    return read_document(_text(path), str(path), GO_YAML_2, what="the file").value


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise wrong(path, "the case cannot be read", error.strerror) from None


def _object(path: Path, found: Any) -> dict[str, Any]:
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise wrong(path, "the file is no object", "it consists of names and values")
    return found

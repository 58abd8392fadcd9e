"""Case files of logstash-filter-verifier: lines, and the events expected of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol

import yaml

from toolkit.errors import InputError
from toolkit.findings import Location
from toolkit.languages.positioned_json import read_json
from toolkit.languages.positioned_yaml import read_document
from toolkit.languages.yaml_dialects import GO_YAML_2

_TOP = ("testcases", "fields", "codec", "ignore", "input", "expected", "description",
        "input_plugin", "export_metadata", "export_outputs")  # fmt: skip
_EACH = ("input", "expected", "fields", "description", "local_fields")
_CODECS = {"line": "plain", "plain": "plain", "json": "json", "json_lines": "json"}


@dataclass(frozen=True, slots=True)
class Case:
    """Some lines, and the events expected of them, in order."""

    description: str
    lines: tuple[str, ...]
    expected: tuple[Mapping[str, Any], ...]
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Initial fields of the events, by reference."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of one file."""

    path: Path
    document: dict[str, Any]
    cases: tuple[Case, ...]
    codec: str = "plain"
    """Empty for that of the inputs."""
    ignore: tuple[str, ...] = ()
    """References of fields that are not compared."""
    dynamic: Mapping[str, re.Pattern[str] | None] = field(default_factory=dict)
    """Names of fields, with dots, that need only match a pattern."""


class CaseEvents(Protocol):
    """The events of a case."""

    @property
    def events(self) -> Sequence[Mapping[str, Any]]:
        """The events, without what is ignored."""
        ...


def expanded(paths: Iterable[str]) -> Iterator[Path]:
    """Yield each file, and of a folder its JSON and YAML files and its `test-*.log`."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(filter(_is_case, path.iterdir()))
        else:
            yield path


def _is_case(path: Path) -> bool:
    if path.name.endswith(("-expected.json", "-config.yml")):
        return False
    is_log = path.suffix == ".log" and path.name.startswith("test-")
    return is_log or path.suffix in (".json", ".yaml", ".yml")


def read_case(path: Path) -> CaseFile:
    """Read a case file; raises `InputError` if it is malformed."""
    document = _document(path)
    given = document.get("testcases")
    if given is None:
        given = [{key: document[key] for key in ("input", "expected") if key in document}]
    _known(path, document, _TOP)
    shared = document.get("fields") or {}
    codec = document.get("codec", "" if "input_plugin" in document else "line")
    if codec and codec not in _CODECS:
        raise wrong(path, f"no codec is called `{codec}`", f"the codecs are {', '.join(_CODECS)}")
    return CaseFile(
        path,
        document,
        tuple(_case(path, each, shared, number) for number, each in enumerate(given, start=1)),
        _CODECS.get(codec, ""),
        tuple(document.get("ignore") or ()),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text("utf-8-sig")
        found = _value(path, text)
    except OSError as error:
        raise wrong(path, "the case file cannot be read", str(error.strerror)) from None
    except UnicodeDecodeError as error:
        raise wrong(path, "the case file is malformed", str(error)) from None
    if not isinstance(found, dict):
        raise wrong(path, "the case file is no object", "it has `testcases`")
    return found


def _value(path: Path, text: str) -> Any:
    what = "the case file"
    if path.suffix == ".json":
        return read_json(text, str(path), what=what)
    return read_document(text, str(path), GO_YAML_2, what=what).value


def _case(path: Path, given: Any, shared: Mapping[str, Any], number: int) -> Case:
    if not isinstance(given, dict) or "input" not in given:
        raise wrong(path, f"test case {number} has no `input`", "its lines are what is sent")
    _known(path, given, _EACH)
    lines, expected = given["input"], given.get("expected") or []
    return Case(
        str(given.get("description") or f"test case {number}"),
        tuple(map(_line, lines if isinstance(lines, list) else [lines])),
        tuple(expected if isinstance(expected, list) else [expected]),
        {**shared, **(given.get("fields") or {}), **(given.get("local_fields") or {})},
    )


def _line(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _known(path: Path, given: Mapping[str, Any], known: Sequence[str]) -> None:
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            fix = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(known)}."
            raise wrong(path, f"`{key}` is no key of a case file", "it would be ignored", fix)


def wrong(path: Path, what: str, why: object, fix: str = "correct the file.") -> InputError:
    """Return the error of a case file.

    Args:
        path: The file.
        what: The fault.
        why: The reason.
        fix: One thing to do.
    """
    return InputError.of(what=what, where=Location(str(path)), why=str(why), fix=fix)


def rewrite(file: CaseFile, results: Sequence[CaseEvents]) -> None:
    """Replace the expected events by those of ``results``, one for each case."""
    document = file.document
    cases = document.get("testcases") or [document]
    for case, result in zip(cases, results, strict=True):
        case["expected"] = list(result.events)
    if file.path.suffix == ".json":
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    else:
        text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    file.path.write_text(text, "utf-8")

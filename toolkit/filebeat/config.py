"""The inputs of a Filebeat configuration, as far as they change lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from toolkit.errors import InputError, Unsupported
from toolkit.findings import Finding, Location
from toolkit.languages.json_shapes import ANY, SIMPLE, WHOLE, WORD, Each, Many, Shape, misfits
from toolkit.languages.positioned import Positioned
from toolkit.languages.positioned_yaml import read_documents
from toolkit.languages.yaml_dialects import GO_YAML_2


class Searches(Protocol):
    """An expression with a ``search`` method."""

    def search(self, text: str, /) -> object | None:
        """Return anything but None if the line matches."""
        ...


@dataclass(frozen=True, slots=True)
class Multiline:
    """The joining of lines: (not) matching ones are appended to the line before, or after."""

    pattern: Searches
    negate: bool = False
    match: Literal["after", "before"] = "after"
    max_lines: int = 500
    """0 is no limit."""
    flush_pattern: Searches | None = None
    skip_newline: bool = False
    tag: str | None = None
    """The tag of a joined event from Logstash's codec; Filebeat uses ``log.flags``."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its files, the joining of lines, and the added fields."""

    paths: tuple[str, ...] = ()
    multiline: Multiline | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    fields_under_root: bool = False
    tags: tuple[str, ...] = ()
    strips_carriage_returns: bool = False
    json: bool = False
    """True if each line is decoded as JSON on its way."""
    include_lines: tuple[Searches, ...] = ()
    exclude_lines: tuple[Searches, ...] = ()
    type: str = ""
    """``filestream`` and the like; empty without Filebeat."""
    undecided: Finding | None = None
    """The reason why lines that are JSON, or are joined, may be read in another way."""

    def event(self) -> dict[str, Any]:
        """Return the fields of every event of this input, with placeholders for the machine's own.

        As recorded of Filebeat 9.3: the host is an object, not a name.
        """
        added = self._origin() if self.type else {}
        if self.fields_under_root:
            added |= self.fields
        elif self.fields:
            added["fields"] = dict(self.fields)
        if self.tags:
            added["tags"] = list(self.tags)
        return added

    def _origin(self) -> dict[str, Any]:
        path = self.paths[0] if self.paths else "/var/log/app.log"
        return {
            "agent": {"name": "node", "type": "filebeat", "version": "9.2.0"},
            "ecs": {"version": "8.0.0"},
            "host": {"name": "node"},
            "input": {"type": self.type},
            "log": {"file": {"path": path}, "offset": 0},
        }


_MULTILINE: Mapping[str, Shape] = {
    **dict.fromkeys(("type", "pattern", "match", "flush_pattern"), SIMPLE),
    **dict.fromkeys(("negate", "skip_newline"), WORD),
    "max_lines": WHOLE,
}
_PROCESSORS = Many(Each(ANY))
_INPUT: Shape = {
    **dict.fromkeys(("paths", "tags", "include_lines", "exclude_lines"), Many(SIMPLE)),
    **dict.fromkeys(("type", "encoding", "line_terminator"), SIMPLE),
    **dict.fromkeys(("enabled", "fields_under_root"), WORD),
    "fields": Each(ANY),
    **{f"multiline.{name}": shape for name, shape in _MULTILINE.items()},
    "multiline": _MULTILINE,
    "parsers": Many({"multiline": _MULTILINE}),
    "processors": _PROCESSORS,
}
_INPUTS = Many(_INPUT)
_CONFIGURATION: Shape = {
    "filebeat": {"inputs": _INPUTS},
    "filebeat.inputs": _INPUTS,
    "processors": _PROCESSORS,
}


def parse_inputs(text: str, *, source: str) -> tuple[Input, ...]:
    """Parse the enabled inputs of ``filebeat.yml``; all documents (ConfigMaps) are searched.

    Raises:
        InputError: Filebeat would not start.
        Unsupported: Something changes lines and is not emulated: joining by count or by
            ``while_pattern``, other parsers, processors that do more than add fields, other
            encodings, expressions that Python does not support.
    """
    found, faults = read_documents(text, source, GO_YAML_2, what="the Filebeat configuration")
    if faults:
        raise InputError(*faults)
    configurations = [_configuration(each) for each in found if isinstance(each.value, dict)]
    return tuple(
        _input(each, source)
        for configuration in configurations
        for each in _inputs_of(configuration, source)
        if each.get("enabled") is not False
    )


def _configuration(document: Positioned) -> dict[str, Any]:
    """Return the settings of a document; raises `InputError` for impossible values."""
    wrong = [
        Finding(
            what=f"`{'.'.join(map(str, path))}` of the Filebeat configuration is not {wanted}",
            where=document.locate(*path),
            why="Filebeat does not start with it",
            fix=f"write {wanted} there.",
        )
        for path, wanted in misfits(document.value, _CONFIGURATION, nulls=True)
    ]
    if wrong:
        raise InputError(*wrong)
    found: dict[str, Any] = document.value
    return found


def _inputs_of(configuration: Mapping[str, Any], source: str) -> Iterator[Mapping[str, Any]]:
    _refuse_processors(configuration, source)
    nested = configuration.get("filebeat") or {}
    for found in (configuration.get("filebeat.inputs"), nested.get("inputs")):
        yield from _listed(found)


def _listed(value: Any) -> tuple[Any, ...]:
    """The items of a list; one value alone counts as a list of it, and null is nothing."""
    return tuple(each for each in (value if isinstance(value, list) else [value]) if each)


def _input(options: Mapping[str, Any], source: str) -> Input:
    _refuse_processors(options, source)
    _refuse_other_text(options, source)
    joined = next(_multilines(options, source), None)
    return Input(
        paths=tuple(map(str, _listed(options.get("paths")))),
        multiline=_multiline(joined, source) if joined else None,
        fields=options.get("fields") or {},
        fields_under_root=bool(options.get("fields_under_root")),
        tags=tuple(map(str, _listed(options.get("tags")))),
        strips_carriage_returns=(options.get("line_terminator") or "auto") == "auto",
        include_lines=_expressions(options, "include_lines", source),
        exclude_lines=_expressions(options, "exclude_lines", source),
        type=str(options.get("type") or "log"),
    )


def _multilines(options: Mapping[str, Any], source: str) -> Iterator[Mapping[str, Any]]:
    for parser in _listed(options.get("parsers")):
        for name, settings in parser.items():
            if name != "multiline":
                raise Unsupported(_unsupported(source, f"parser `{name}`"))
            yield settings or {}
    if options.get("multiline"):
        yield options["multiline"]
    dotted = {
        name.removeprefix("multiline."): value
        for name, value in options.items()
        if name.startswith("multiline.")
    }
    if dotted:
        yield dotted


def _multiline(options: Mapping[str, Any], source: str) -> Multiline:
    kind = options.get("type") or "pattern"
    if kind != "pattern":
        raise Unsupported(_unsupported(source, f"multiline type `{kind}`"))
    if not options.get("pattern") or options.get("match") not in ("after", "before"):
        raise InputError.of(
            what="`multiline` needs a `pattern`, and a `match` that is `after` or `before`",
            where=Location(source),
            why="Filebeat does not start with it",
            fix="for lines that begin with a time: its pattern, `negate: true`, `match: after`.",
        )
    flush, lines = options.get("flush_pattern"), options.get("max_lines")
    return Multiline(
        pattern=_compile(str(options["pattern"]), source),
        negate=bool(options.get("negate")),
        match=options["match"],
        max_lines=500 if lines is None else int(lines),
        flush_pattern=_compile(str(flush), source) if flush else None,
        skip_newline=bool(options.get("skip_newline")),
    )


def _expressions(options: Mapping[str, Any], name: str, source: str) -> tuple[Searches, ...]:
    return tuple(_compile(str(each), source) for each in _listed(options.get(name)))


def _refuse_processors(options: Mapping[str, Any], source: str) -> None:
    """Raise `Unsupported` for processors that change events; added fields are harmless."""
    for processor in _listed(options.get("processors")):
        for name in processor:
            if not name.startswith("add_"):
                raise Unsupported(_unsupported(source, f"processor `{name}`"))


def _refuse_other_text(options: Mapping[str, Any], source: str) -> None:
    if (encoding := options.get("encoding")) not in (None, "", "plain", "utf-8"):
        raise Unsupported(_unsupported(source, f"encoding `{encoding}`"))
    if (terminator := options.get("line_terminator")) not in (None, "auto", "line_feed"):
        raise Unsupported(_unsupported(source, f"line terminator `{terminator}`"))
    if any(name.partition(".")[0] == "json" for name in options):
        raise Unsupported(_unsupported(source, "option `json`"))


# The syntax of Go's expressions, and that of Python's.
_GO = ((r"\z", r"\Z"), ("[[:digit:]]", r"[0-9]"), ("[[:space:]]", r"[\t\n\v\f\r ]"))


def _compile(pattern: str, source: str) -> re.Pattern[str]:
    python = pattern
    for go, ours in _GO:
        python = python.replace(go, ours)
    try:
        return re.compile(python, re.ASCII)
    except re.error as error:
        raise Unsupported(_unsupported(source, f"expression `{pattern}` ({error})")) from error


def _unsupported(source: str, what: str) -> Finding:
    return Finding(
        what=f"Filebeat's {what} is not emulated",
        where=Location(source),
        why="what the shipper makes of lines is not known offline",
        fix="leave `shipper:` out, and give samples as Filebeat sends them.",
    )

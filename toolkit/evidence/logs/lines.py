"""Log lines, as the shipper would hand them to Logstash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.errors import Unsupported
from toolkit.evidence.files import Files, FileSet
from toolkit.evidence.logs.joining import joining
from toolkit.evidence.service.traffic import ServiceRun, Traffic
from toolkit.filebeat.config import Input
from toolkit.filebeat.multiline import Message
from toolkit.filebeat.reading import messages
from toolkit.findings import Finding, Location
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query, Unanswerable


@dataclass(frozen=True, slots=True)
class Line:
    """The text of one event: a line, or several that the shipper joins."""

    source: str
    number: int
    """The number of its first line, from 1."""
    text: str
    json: bool = False
    """True if an input decodes it as JSON."""
    marks: tuple[tuple[str, str], ...] = ()
    """Fields of its event that joining sets, and the values."""

    @property
    def where(self) -> Location:
        """The place of its first line."""
        return Location(self.source, self.number)

    def at(self, offset: int, width: int = 1) -> Location:
        """Return the place of the character at ``offset``."""
        before = self.text[:offset]
        first = before.rfind("\n") + 1
        excerpt = self.text[first:].partition("\n")[0]
        line = self.number + before.count("\n")
        return Location(self.source, line, offset - first + 1, excerpt, width)

    def find(self, value: object, name: str = "") -> Location:
        """Return the place of a field's value if it is unambiguous; else the first line.

        It is unambiguous if the line contains the value as a word, either once or
        once after the last part of the field's name, as in ``status=200``.
        """
        text = str(value)
        word = re.compile(rf"(?<![\w.]){re.escape(text)}(?!\.?\w)")
        found = [each.start() for each in word.finditer(self.text)] if text else []
        key = re.compile(rf"{re.escape(name.rpartition('.')[2])}[\"']?\s*[=:]\s*[\"']?$")
        named = [offset for offset in found if name and key.search(self.text[:offset])]
        for candidates in (found, named):
            if len(candidates) == 1:
                return self.at(candidates[0], len(text))
        return self.at(0, len(self.text.partition("\n")[0]))


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one kind, and the fields the shipper adds to their events."""

    lines: tuple[Line, ...]
    event: Mapping[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


@dataclass(frozen=True, slots=True)
class SampleLines(Derived[Lines]):
    """Read the lines of sample files."""

    files: Query[FileSet]
    shipper: Query[Input] | None = None

    def derive(
        self, files: Answer[FileSet], shipper: Answer[Input] | None = None
    ) -> Answer[Lines]:
        found = _read(((file.name, file.text) for file in files.evidence), shipper)
        return Answer(found, files.origin, len(found.lines), "sample lines")


@dataclass(frozen=True, slots=True)
class CapturedLines(Derived[Lines]):
    """Read the lines that a service started here has logged."""

    traffic: Query[Traffic]
    shipper: Query[Input] | None = None

    def derive(
        self, traffic: Answer[Traffic], shipper: Answer[Input] | None = None
    ) -> Answer[Lines]:
        text = traffic.evidence.log.decode("utf-8", "surrogateescape")
        found = _read([(traffic.evidence.log_name, text)], shipper)
        return Answer(found, traffic.origin, len(found.lines), "log lines")


@dataclass(frozen=True, slots=True)
class GivenLines(Derived[Lines]):
    """Lines from memory, each of them one event."""

    texts: tuple[str, ...]
    source: str = "given"
    shipper: Query[Input] | None = None
    """Adds its fields to each event; it joins no lines here."""

    def derive(self, shipper: Answer[Input] | None = None) -> Answer[Lines]:
        given = shipper.evidence if shipper else Input()
        found = tuple(
            Line(self.source, number, text, given.json)
            for number, text in enumerate(self.texts, 1)
        )
        event = given.event() if shipper else {}
        return Answer(Lines(found, event), self.source, len(found), "lines")


def _no_lines(declared: Location) -> Finding:
    return Finding(
        what="there are no lines to send through the pipeline",
        where=declared,
        why="the contract has neither sample files nor a service with a log",
        fix="add a file with some real lines: `samples: samples/*.log`.",
    )


def _read(texts: Iterable[tuple[str, str]], shipper: Answer[Input] | None) -> Lines:
    """Return the lines of some texts, each with the name of its file.

    Raises `Unsupported` for JSON and joined lines that inputs read in different ways.
    """
    given = shipper.evidence if shipper else Input()
    named = ((name, each) for name, text in texts for each in messages(text, given))
    found = tuple(line_of(each, name, given) for name, each in named)
    if given.undecided and any("\n" in each.text or _is_json(each.text) for each in found):
        raise Unsupported(given.undecided)
    return Lines(found, given.event() if shipper else {})


def _is_json(text: str) -> bool:
    try:
        return text.lstrip()[:1] in ("{", "[") and isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def line_of(message: Message, source: str, shipper: Input) -> Line:
    """Return a message of a file, with the marks of Filebeat or of a multiline codec.

    Args:
        message: One line, or several joined ones.
        source: The name of the file.
        shipper: The settings that joined it.
    """
    codec = shipper.multiline.tag if shipper.multiline else None
    marks = [("[log][flags]", flag) for flag in message.flags]
    if codec is not None:
        marks = [("tags", codec)] if codec and "multiline" in message.flags else []
    return Line(source, message.first, message.text, shipper.json, tuple(marks))


def sample_files(globs: tuple[str, ...], declared: Location) -> Files:
    """Return the query for the files with the lines of a contract."""
    return Files(globs, declared, "sample files")


def lines(expected: LogExpectation, scope: Scope) -> Mapping[str, Query[Lines]]:
    """Return the queries for these lines, by source: ``samples``, ``service``."""
    shipper = joining(expected, scope)
    found: dict[str, Query[Lines]] = {}
    if expected.samples:
        found["samples"] = SampleLines(sample_files(expected.samples, expected.declared), shipper)
    service = scope.contract.service
    if service and service.log and scope.contract.logs[0] is expected:
        found["service"] = CapturedLines(ServiceRun(service), shipper)
    if not found and expected.pipeline and not scope.live:
        found[""] = Unanswerable(_no_lines(expected.declared))
    return found

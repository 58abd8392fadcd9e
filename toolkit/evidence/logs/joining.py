"""Joining of lines to records, and the fields added by the shipper or by a Logstash input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.errors import Unsupported
from toolkit.evidence.files import Files, FileSet, decode
from toolkit.evidence.logs.inputs import input_fields
from toolkit.evidence.logs.pipelines import Compiled, pipeline
from toolkit.filebeat.config import Input, Multiline, parse_inputs
from toolkit.findings import Finding, Location
from toolkit.logstash.config import attributes, nodes
from toolkit.logstash.grok.definitions import shipped_definitions
from toolkit.logstash.grok.expression import Expression
from toolkit.model.contract import Scope
from toolkit.model.expectations.logs import LogExpectation
from toolkit.model.queries import Answer, Derived, Query


@dataclass(frozen=True, slots=True)
class ShipperJoining(Derived[Input]):
    """The first enabled input of a Filebeat configuration; raises `Unsupported` without one."""

    files: Query[FileSet]

    def derive(self, files: Answer[FileSet]) -> Answer[Input]:
        inputs = [
            each
            for file in files.evidence
            for each in parse_inputs(decode(file, "a configuration"), source=file.name)
        ]
        if not inputs:
            raise Unsupported(_no_input(files.origin))
        return Answer(inputs[0], files.origin, len(inputs), "inputs")


@dataclass(frozen=True, slots=True)
class CodecJoining(Derived[Input]):
    """The fields that the Logstash inputs add, and the first multiline codec among them.

    Raises `PipelineError` for an invalid configuration.
    """

    compiled: Query[Compiled]
    known: tuple[str, ...] = ()
    """Fields of the event that the contract sets."""
    codec: str | None = None
    """The codec of these lines by the contract; None for that of the inputs."""

    def derive(self, compiled: Answer[Compiled]) -> Answer[Input]:
        tree = compiled.evidence.configuration
        if tree is None:
            compiled.evidence.started()
            return Answer(Input(), compiled.origin, 0, "codecs")
        found = received_lines(tree, self.known, self.codec)
        codecs, caveats = len(list(_codecs(tree))), input_fields(tree, self.known).caveats
        return Answer(found, compiled.origin, codecs, "codecs", caveats)


def received_lines(
    tree: nodes.Configuration, known: Sequence[str] = (), codec: str | None = None
) -> Input:
    """Return how the inputs of a configuration make events of lines.

    Args:
        tree: The configuration.
        known: Fields of the event that are given otherwise.
        codec: ``plain``, ``json`` or ``multiline``; None for that of the inputs.

    Raises:
        Unsupported: Every input parses its lines before the filters, or the pattern of a
            multiline codec is not known.
    """
    brought = input_fields(tree, known)
    joins = _codecs(tree) if codec in (None, "multiline") else iter(())
    return Input(
        multiline=next((_multiline(each, tree) for each in joins), None),
        fields=brought.fields,
        fields_under_root=True,
        json=brought.json if codec is None else codec == "json",
        undecided=brought.undecided if codec is None else None,
    )


def _codecs(tree: nodes.Configuration) -> Iterator[nodes.Plugin]:
    for section in tree.sections:
        if section.kind == "input":
            for node in nodes.walk(section):
                if isinstance(node, nodes.Plugin) and node.name == "multiline":
                    yield node


def _multiline(codec: nodes.Plugin, tree: nodes.Configuration) -> Multiline:
    """Return the settings of logstash-codec-multiline; its pattern is a grok expression."""
    options = attributes.values(codec)
    try:
        pattern = Expression(str(options.get("pattern", "")), shipped_definitions(ecs=True))
        return Multiline(
            pattern=pattern.regex,
            negate=str(options.get("negate", False)).lower() == "true",
            match="before" if options.get("what") == "next" else "after",
            max_lines=int(options.get("max_lines", 500)),
            tag=str(options.get("multiline_tag", "multiline")),
        )
    except ValueError as error:
        raise Unsupported.of(
            what=f"it is not known which lines the codec `multiline` joins: {error}",
            where=tree.sources.locate(codec.name_span),
            why="they become one event",
            fix="correct its options; files of `patterns_dir` are not read for a codec.",
        ) from error


def _no_input(source: str) -> Finding:
    return Finding(
        what="no input under `filebeat.inputs` is enabled",
        where=Location(source),
        why="modules, autodiscover and further files are not emulated",
        fix="set `shipper:` to the file with the input of these lines.",
    )


def joining(expected: LogExpectation, scope: Scope) -> Query[Input] | None:
    """Return the query for the settings that join these lines; else None."""
    if expected.shipper:
        return ShipperJoining(Files((expected.shipper,), expected.declared))
    compiled = pipeline(expected, scope)
    return CodecJoining(compiled, tuple(expected.event), expected.codec) if compiled else None

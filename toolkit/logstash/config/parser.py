"""Parser of configuration files: returns a syntax tree, or raises all faults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toolkit.errors import PipelineError
from toolkit.logstash.config import compilation
from toolkit.logstash.config.cursor import Cursor
from toolkit.logstash.config.diagnosis import diagnose
from toolkit.logstash.config.faults import SyntaxFault
from toolkit.logstash.config.meaning import Meaning
from toolkit.logstash.config.nodes import Configuration
from toolkit.logstash.config.sources import Sources
from toolkit.logstash.config.statements import configuration
from toolkit.logstash.source import Source


def parse(
    sources: Iterable[Source],
    *,
    support_escapes: bool = False,
    environment: Mapping[str, str] | None = None,
    keep_undefined: bool = False,
) -> Configuration:
    """Parse the files of one pipeline, in the order of their names, as one text.

    Args:
        sources: The files.
        support_escapes: Logstash's setting ``config.support_escapes``.
        environment: The variables that replace ``${NAME}``.
        keep_undefined: Keep a reference to any other variable without a default as written.

    Raises:
        PipelineError: Logstash does not parse or compile it. There is one finding for a syntax
            error, else one for each fault.
        Unsupported: Brackets or conditions are nested deeper than the toolkit follows.
    """
    known = {} if environment is None else environment
    meaning = Meaning(support_escapes, known, keep_undefined)
    cursor = Cursor(Sources.sorted(sources), meaning)
    try:
        tree = configuration(cursor)
    except SyntaxFault as fault:
        raise PipelineError(diagnose(cursor, fault).finding(cursor.sources)) from None
    found = [*cursor.meaning.faults, *map(compilation.chain, cursor.chains)]
    found.extend(compilation.faults(tree))
    if found:
        found.sort(key=lambda fault: fault.span)
        raise PipelineError(*(fault.finding(cursor.sources) for fault in found))
    return tree

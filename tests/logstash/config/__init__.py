from __future__ import annotations

import re

import pytest

from toolkit.errors import PipelineError
from toolkit.findings import Finding
from toolkit.logstash.config import parse
from toolkit.logstash.config.nodes import Configuration
from toolkit.logstash.source import Source


def parsed(text: str) -> Configuration:
    """Parse ``text`` as the only file of a pipeline."""
    return parse([Source("pipeline.conf", text)])


def fault_of(text: str) -> Finding:
    """Return what is first found wrong with ``text``."""
    with pytest.raises(PipelineError) as caught:
        parsed(text)
    return caught.value.finding


def fits(text: str, template: str) -> bool:
    """Return True if ``template`` with its ``$name``s filled in can be ``text``."""
    slots = re.sub(r"\\\$(?:\\\{)?\w+(?:\\\})?", ".*", re.escape(template).replace(r"\$\$", "[$]"))
    return re.fullmatch(slots, text) is not None

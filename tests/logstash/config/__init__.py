from __future__ import annotations

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

"""The Logstash configuration language: text to syntax tree, and back."""

from __future__ import annotations

from toolkit.logstash.config.parser import parse
from toolkit.logstash.config.render import render

__all__ = ["parse", "render"]

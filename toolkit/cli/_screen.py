"""How wide and how colourful a stream is."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

from toolkit.reports.layout.terminal import Style


def style_of(stream: TextIO) -> Style:
    """The terminal's width and colour; 80 and none when piped; NO_COLOR and FORCE_COLOR win."""
    terminal = stream.isatty()
    colour = terminal and os.environ.get("TERM") != "dumb"
    if os.environ.get("FORCE_COLOR"):
        colour = True
    if os.environ.get("NO_COLOR"):
        colour = False
    width = shutil.get_terminal_size((80, 24)).columns if terminal else 80
    return Style(max(60, width), colour)

"""Defects of the toolkit itself."""

from __future__ import annotations

import os

from toolkit.findings import Finding
from toolkit.verification import report_bug


def on_bug(what: str, error: Exception) -> Finding:
    """Report the defect as unproven; raise it where ``TOOLKIT_RAISE`` is set."""
    if os.environ.get("TOOLKIT_RAISE"):
        raise error
    return report_bug(what, error)

"""The real programs that tests compare the toolkit with: where they are found."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

__all__ = ["program"]


def program(name: str) -> str:
    """Find a real program: by an environment variable, the PATH, or `.venv/parts`.

    Skips the test where there is none.
    """
    named = os.environ.get(name.upper().replace("-", "_"))
    unpacked = Path(sys.prefix) / "parts" / "usr" / "bin" / name
    for found in (named, shutil.which(name), str(unpacked)):
        if found and Path(found).is_file():
            return found
    pytest.skip(f"{name} is not here: `make test` installs it, or set {name.upper()}")

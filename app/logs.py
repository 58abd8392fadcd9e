"""Where log lines go: `app.log`, shared by all processes, and standard output."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

from app.lines import render


class LineFormatter(logging.Formatter):
    """Renders a record with its ``fields``, or with the process id where it has none."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", None) or {"pid": record.process}
        traceback = self.formatException(record.exc_info) if record.exc_info else ""
        return render(record.created, record.levelname, record.getMessage(), fields, traceback)


class _OneWrite(logging.Handler):
    """Hands each line to the kernel in one write, so that those of several processes never tear.

    A line that cannot be written is reported on standard error; the request goes on.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = f"{self.format(record)}\n".encode()
            if os.write(self.descriptor(), line) < len(line):
                raise OSError("the line was cut")  # noqa: TRY301
        except Exception:
            self.handleError(record)

    def descriptor(self) -> int:
        raise NotImplementedError


class StandardOutput(_OneWrite):
    """Writes below `sys.stdout`, whose buffer would cut lines where it is full."""

    def descriptor(self) -> int:
        sys.stdout.flush()
        return 1


class AppendingFile(_OneWrite):
    """Appends to a file, and to the new one of that name once it was renamed or removed."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = _open(self.path)

    def descriptor(self) -> int:
        if not self._is_current():
            renamed, self._file = self._file, _open(self.path)
            os.close(renamed)
        return self._file

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        super().close()

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._file))
        except FileNotFoundError:
            return False


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)


def open_log(path: Path) -> logging.Logger:
    """Open the log of one application: a logger of its own, unknown to the rest of `logging`."""
    log = logging.Logger("app", logging.INFO)
    for destination in (AppendingFile(path), StandardOutput()):
        destination.setFormatter(LineFormatter())
        log.addHandler(destination)
    return log


def gunicorn_logging(path: Path) -> dict[str, object]:
    """Make gunicorn's own lines (start, stop, refused requests) look and go like the service's."""
    return {
        "formatters": {"line": {"()": LineFormatter}},
        "handlers": {
            "file": {"()": AppendingFile, "path": str(path), "formatter": "line"},
            "stdout": {"()": StandardOutput, "formatter": "line"},
        },
        "loggers": {"gunicorn.error": {"handlers": ["file", "stdout"], "propagate": False}},
        "root": {"level": "WARNING", "handlers": ["file", "stdout"]},
    }

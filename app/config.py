"""What the service may be told, read once from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_CONTAINER_LOGS = Path("/app/logs")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")


class ConfigError(ValueError):
    """The environment does not make a configuration; `faults` has one sentence each."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(["the configuration is not valid:", *faults]))


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that differs between two places the service runs in."""

    log_dir: Path
    """`app.log` is written here (APP_LOG_DIR)."""
    metrics_dir: Path | None = None
    """Shared by the workers' metrics (PROMETHEUS_MULTIPROC_DIR); None in a single process."""
    workers: int = 2
    """Processes (WEB_CONCURRENCY)."""
    threads: int = 4
    """Threads of each process (APP_THREADS)."""
    work_limit_ms: int = 5_000
    """The most CPU that one request to `/work` burns (APP_WORK_LIMIT_MS)."""
    faults: bool = False
    """Whether `/fault` exists (APP_FAULTS: on or off)."""
    version: str = "dev"
    """What `app_build_info` shows (APP_VERSION)."""

    @property
    def log_file(self) -> Path:
        return self.log_dir / "app.log"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Config:
        """Read the variables named above; `ConfigError` lists every fault, not the first."""
        read, default = _Reader(environ), cls(log_dir=_default_log_dir())
        config = cls(
            log_dir=read.folder("APP_LOG_DIR", default.log_dir),
            metrics_dir=read.optional_folder("PROMETHEUS_MULTIPROC_DIR"),
            workers=read.integer("WEB_CONCURRENCY", default.workers, 1, 64),
            threads=read.integer("APP_THREADS", default.threads, 1, 64),
            work_limit_ms=read.integer("APP_WORK_LIMIT_MS", default.work_limit_ms, 1, 20_000),
            faults=read.switch("APP_FAULTS"),
            version=read.version("APP_VERSION", default.version),
        )
        if read.faults:
            raise ConfigError(tuple(read.faults))
        return config


class _Reader:
    """Reads one variable after the other and remembers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def integer(self, name: str, default: int, lowest: int, highest: int) -> int:
        text = self.environ.get(name, str(default))
        if re.fullmatch(r"[0-9]{1,9}", text) and lowest <= int(text) <= highest:
            return int(text)
        self._refuse(name, text, f"a whole number from {lowest} to {highest}")
        return default

    def switch(self, name: str) -> bool:
        text = self.environ.get(name, "off")
        if text not in {"on", "off"}:
            self._refuse(name, text, "`on` or `off`")
        return text == "on"

    def version(self, name: str, default: str) -> str:
        text = self.environ.get(name, default)
        if not _VERSION.fullmatch(text):
            self._refuse(name, text, "a version such as `1.4.0`, at most 64 characters")
        return text

    def optional_folder(self, name: str) -> Path | None:
        return self.folder(name, Path()) if name in self.environ else None

    def folder(self, name: str, default: Path) -> Path:
        text = self.environ.get(name, str(default))
        if not text or "\0" in text or not _can_write(Path(text)):
            self._refuse(name, text, "a folder this user can create or write to")
            return default
        return Path(text)

    def _refuse(self, name: str, text: str, wanted: str) -> None:
        self.faults.append(f"  {name} is {text!r}, wanted {wanted}")


def _default_log_dir() -> Path:
    return _CONTAINER_LOGS if os.access(_CONTAINER_LOGS, os.W_OK | os.X_OK) else Path("logs")


def _can_write(folder: Path) -> bool:
    """Whether the folder, or the nearest one above it that exists, takes new files."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)

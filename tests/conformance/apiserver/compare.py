"""Compare the toolkit with the server: ``python -m tests.conformance.apiserver.compare``.

An object that the server refuses is *named* if the toolkit finds an error at the path of the
server's first one. With ``--all``, every object is judged anew by the server's functions, and with
``--tree`` those of a folder; with words, only the cases that have them are compared. What differs
is printed.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.conformance.apiserver import Case, Verdict, read_cases
from toolkit.evidence.kubernetes.manifests import Manifests
from toolkit.evidence.kubernetes.schemas import violations
from toolkit.evidence.kubernetes.versions import ClusterVersions
from toolkit.kubernetes.manifests import Manifest, parse_manifests, read_manifests
from toolkit.kubernetes.validation import VERSION, is_validated, refusals

Keys = tuple[str, ...]
_KEY = re.compile(r"\[([^\]]*)\]")
_UNKNOWN = re.compile(r'unknown field "([^"]*)"')
_TYPE = re.compile(r"Go struct field \w+\.(\S+) of type")


class Outcome(NamedTuple):
    """How one object was judged by both."""

    case: Case
    found: tuple[Keys, ...]
    """The paths of the errors that the toolkit finds."""

    @property
    def word(self) -> str:
        """``accepted``, ``named``, or how they differ."""
        if not self.case.verdict.refused:
            return "wrongly refused" if self.found else "accepted"
        if not self.found:
            return "missed"
        return "named" if _named(self.case.verdict, self.found) else "elsewhere"


def judge(case: Case) -> Outcome:
    """Return how the toolkit judges an object."""
    body = case.object
    errors = refusals(body) if is_validated(body.get("apiVersion"), body.get("kind")) else ()
    return Outcome(case, (*_faults(body), *(_path(each.path) for each in errors)))


def _faults(body: Any) -> Iterable[Keys]:
    """Yield what the check `manifests/schema` finds."""
    manifests = Manifests((replace(_template(), body=body),))
    found = violations(manifests, ClusterVersions({VERSION: None}))
    for each in found.faults:
        unknown = (each.fault.unknown,) if each.fault.unknown else ()
        yield _path((*each.fault.path, *unknown))
    for _ in found.unknown:
        yield ("kind",)


@cache
def _template() -> Manifest:
    return parse_manifests("{apiVersion: v1, kind: ConfigMap}", source="here")[0]


def _path(path: Iterable[str | int]) -> Keys:
    return tuple(map(str, path))


def _joined(path: Iterable[str]) -> str:
    """Return a path for comparison.

    >>> _joined(("spec", "hard", "requests.cpu")) == _plain("spec.hard[requests.cpu]")
    True
    """
    return ".".join(path).lower()


def _plain(text: str) -> str:
    return _KEY.sub(r".\1", text).lower()


def _named(verdict: Verdict, found: tuple[Keys, ...]) -> bool:
    """Return True if a path is that of the server's first error."""
    if verdict.errors:
        return _plain(verdict.errors[0][0]) in map(_joined, found)
    if unknown := _UNKNOWN.search(verdict.decode):
        return _plain(unknown[1]) in map(_joined, found)
    if wrong := _TYPE.search(verdict.decode):
        # Go's paths have no indices, and end with the mapping of a wrong value.
        bare = (tuple(part for part in each if not part.isdigit()) for each in found)
        return any(_plain(wrong[1]) in (_joined(each), _joined(each[:-1])) for each in bare)
    return True


def compare(cases: Iterable[Case]) -> dict[str, list[Outcome]]:
    """Judge cases, and group them by the word for the outcome."""
    groups: dict[str, list[Outcome]] = {}
    for case in cases:
        outcome = judge(case)
        groups.setdefault(outcome.word, []).append(outcome)
    return groups


def read_tree(folder: Path) -> Iterator[Case]:
    """Yield the objects of all manifests below a folder that are of judged kinds."""
    for path in sorted(folder.rglob("*.y*ml")):
        name = str(path.relative_to(folder))
        for each in read_manifests(path.read_text("utf-8", "replace"), source=name).found:
            if is_validated(each.api_version, each.kind):
                yield Case(name, {"": each.written})


def main() -> None:
    """Print what differs, and how many of each kind agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="kinds, or other parts of a case")
    parser.add_argument("--all", action="store_true", help="ask the server's functions anew")
    parser.add_argument("--tree", type=Path, help="compare the manifests of a folder")
    arguments = parser.parse_args()
    found = list(read_cases())
    if arguments.all or arguments.tree:
        from tests.conformance.apiserver.record import cases, judged  # builds them with Go

        found = judged(read_tree(arguments.tree) if arguments.tree else cases())
    if arguments.words:
        found = [each for each in found if _has(each, arguments.words)]
    groups = compare(found)
    for word in ("wrongly refused", "elsewhere", "missed"):
        for outcome in groups.get(word, ()):
            verdict = json.dumps(outcome.case.verdict.to_json())[:300]
            print(f"{word}: {outcome.case}\n  server {verdict}\n  here   {outcome.found}")
    counts = Counter(
        (str(each.case.object.get("kind")), word)
        for word, group in groups.items()
        for each in group
    )
    for (kind, word), count in sorted(counts.items()):
        print(f"{kind:25} {word:16} {count}")
    print({word: len(group) for word, group in sorted(groups.items())})


def _has(case: Case, words: list[str]) -> bool:
    return any(word in (case.object.get("kind"), case.base) for word in words)


if __name__ == "__main__":
    main()

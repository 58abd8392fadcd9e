"""What the library says of a fault: its fix is one sentence, and Logstash's words go along."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import toolkit.logstash
from tests.conformance import RECORDINGS
from tests.conformance.invalid import Attempt, find_attempts

ROOT = Path(toolkit.logstash.__file__).parent
ATTEMPTS = find_attempts(RECORDINGS / "invalid")
NOT_EMULATED = {"ruby_syntax"}


def written(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be, as far as its source tells; ``…`` for the rest."""
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.JoinedStr(values):
            yield "".join(str(getattr(part, "value", "…")) for part in values)
        case ast.IfExp(body=body, orelse=other):
            yield from written(body)
            yield from written(other)


def fixes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "fix":
            yield from ((node.lineno, text) for text in written(node.value))
        if isinstance(node, ast.Call):
            named = [keyword.value for keyword in node.keywords if keyword.arg == "fix"]
            fault = getattr(node.func, "id", "") == "Fault"
            for value in named or (node.args[2:3] if fault else []):
                yield from ((value.lineno, text) for text in written(value))


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_fix_is_one_sentence_that_goes_on_from_the_word_fix(path: Path) -> None:
    for line, text in fixes(ast.parse(path.read_text("utf-8"))):
        assert re.fullmatch(r"[a-z].*[.?]", text, re.DOTALL), f"{path}:{line}: {text}"


def rows(texts: Any) -> Iterator[Mapping[str, str]]:
    """The rows of a file of texts, in groups or with a name each."""
    for each in {**texts, **texts.get("mistakes", {})}.values():
        yield from each if isinstance(each, list) else [each]


@pytest.mark.parametrize(
    "path", sorted(ROOT.rglob("*.toml")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_fix_in_a_file_of_texts_is_one_sentence(path: Path) -> None:
    found = rows(tomllib.loads(path.read_text("utf-8")))
    fixes = [row["fix"] for row in found if "fix" in row]
    assert [fix for fix in fixes if not re.fullmatch(r"[a-z].*[.?]", fix)] == []


def gist(message: str) -> str:
    """The line that says what is wrong, without the frame that is the same for all."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("phase:", "exception:"))]
    text = " ".join(told)
    for frame in (
        r"message: ",
        r"Unable to configure plugins: ",
        r"\(\w+Error\) ",
        r"Cannot register filter \w+ plugin\. The error reported is: ",
        r"Something is wrong with your configuration\. ",
        r"org\.logstash\.config\.ir\.InvalidIRException: ",
        r"detail: ",
        r"(?<=filter plugin: )filter \{ \w+ \{ # ",
    ):
        text = re.sub(frame, "", text, count=1)
    return text


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda each: each.folder.name)
def test_logstashs_own_words_go_along(attempt: Attempt) -> None:
    if attempt.phase == "accepted" or attempt.folder.name in NOT_EMULATED:
        return
    said = [finding.why.partition("Logstash reports: ")[2] for finding in attempt.observe()]
    said = [each.replace(". ", " ")[:50] for each in said]
    recorded = gist(attempt.message).replace("# ", "").replace(". ", " ")
    assert any(each and each in recorded for each in said), (recorded, said)

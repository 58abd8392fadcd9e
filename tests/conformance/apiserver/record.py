"""Record the server's verdicts: ``python -m tests.conformance.apiserver.record``.

The bases are `valid.yaml` and the manifests that ship; their changes are all `mutations`, the
combinations of `combined.yaml` and, by a fixed seed, pairs of mutations. All of them, some
twenty thousand, are compared where the server's functions can be built; kept are the combinations,
and a part of the others, chosen evenly by kind and message.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.oracle import ask
from tests.conformance.apiserver import FOLDER, Case, Verdict, bases, changed
from tests.conformance.apiserver.mutations import mutations
from tests.k8s.shipped import manifests

_HERE = Path(__file__).parent
_SEED = 12
_KEPT = {"accepted": 150, "unread": 100, "invalid": 450, "pods": 150}
_ALIKE = 2
"""Cases that are kept of the same fault at the same place."""
_PAIRS = 40
"""Of each base."""
_OF_SHIPPED = 60
"""Of each manifest that ships."""


def read_valid() -> dict[str, Any]:
    """The valid objects, by their names."""
    found = yaml.safe_load_all((_HERE / "valid.yaml").read_text("utf-8"))
    return {each["metadata"].get("name", "generated"): each for each in found}


def read_shipped() -> dict[str, Any]:
    """The manifests that ship, of kinds that are the server's own, without long texts."""
    return {
        f"{each.kind}/{each.name}": _short(dict(each.body))
        for each in manifests()
        if "monitoring.coreos.com" not in each.api_version
    }


def _short(value: Any) -> Any:
    match value:
        case str() if "\n" in value:
            return value[:20]
        case dict():
            return {key: _short(item) for key, item in value.items()}
        case list():
            return [_short(item) for item in value]
    return value


def cases() -> Iterator[Case]:
    """Yield all objects; whoever knows their verdicts adds them."""
    chance = random.Random(_SEED)
    valid = read_valid()
    for base, value in bases().items():
        yield Case(base, {})
        singles = [changes for _, changes in mutations(value)]
        if base not in valid:
            singles = chance.sample(singles, min(_OF_SHIPPED, len(singles)))
        yield from (Case(base, each) for each in singles)
        for _ in range(_PAIRS if base in valid else 0):
            one, other = chance.sample(singles, 2)
            both = {**one, **other}
            if _fit(value, both):
                yield Case(base, both)
    yield from combined()


def combined() -> Iterator[Case]:
    """Yield the cases that were written by hand."""
    for base, changes in yaml.safe_load((_HERE / "combined.yaml").read_text("utf-8")):
        yield Case(base, changes)


def _fit(value: Any, changes: Mapping[str, Any]) -> bool:
    try:
        changed(value, changes)
    except (LookupError, TypeError, ValueError):
        return False
    return True


def judged(found: Iterable[Case]) -> list[Case]:
    """Add the server's verdicts."""
    asked = list(found)
    answers = ask(each.object for each in asked)
    for case, answer in zip(asked, answers, strict=True):
        assert not answer.get("other"), (case, answer)
    return [
        Case(case.base, case.changes, Verdict.of(_shortened(answer)))
        for case, answer in zip(asked, answers, strict=True)
    ]


def _shortened(answer: dict[str, Any]) -> dict[str, Any]:
    """Cut off the regular expressions that messages end with, and long values."""
    errors = [
        (path, reason, text.partition(" (e.g.")[0][:200])
        for path, reason, text in answer.get("errors", ())
    ]
    return {**answer, "errors": errors, "decode": answer.get("decode", "")[:300]}


def chosen(found: Iterable[Case]) -> list[Case]:
    """Choose cases evenly by kind, and within a kind by message, beside those by hand."""
    chance = random.Random(_SEED)
    by_hand = {str(each) for each in combined()}
    kept: list[Case] = []
    sorts: dict[str, dict[str, dict[str, list[Case]]]] = {word: {} for word in _KEPT}
    for case in found:
        if str(case) in by_hand:
            by_hand.remove(str(case))
            kept.append(case)
            continue
        kind = sorts[_word(case)].setdefault(bases()[case.base]["kind"], {})
        kind.setdefault(_sort(case), []).append(case)
    for word, kinds in sorts.items():
        rows = []
        for kind in kinds.values():
            for group in kind.values():
                chance.shuffle(group)
            turns = zip_longest(*(group[:_ALIKE] for group in kind.values()))
            rows.append([each for turn in turns for each in turn if each])
        turns = zip_longest(*rows)
        kept += islice((each for turn in turns for each in turn if each), _KEPT[word])
    return sorted(kept, key=str)


def _word(case: Case) -> str:
    if case.verdict.decode:
        return "unread"
    if not case.verdict.errors:
        return "accepted"
    return "pods" if case.base == "deployment" else "invalid"


def _sort(case: Case) -> str:
    """Its first fault without values: the same for the same rule at the same place."""
    verdict = case.verdict
    if verdict.decode:
        return re.sub(r'"[^"]*"|number [\d.]+', "", verdict.decode)[:60]
    if not verdict.errors:
        return re.sub(r"\d+", "", next(iter(case.changes), ""))
    path, reason, text = verdict.errors[0]
    place = re.sub(r"\[.*?\]", "", path)
    return f"{place} {reason} {text.rpartition(': ')[2][:40]}"


def _write(name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    (FOLDER / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def main() -> None:
    """Write the bases, then the part of the verdicts that is kept."""
    found = {**read_valid(), **read_shipped()}
    FOLDER.mkdir(exist_ok=True)
    _write("bases", ({"id": name, "object": each} for name, each in found.items()))
    bases.cache_clear()
    everything = judged(cases())
    kept = chosen(everything)
    _write("verdicts", (each.to_json() for each in kept))
    refused = sum(each.verdict.refused for each in everything)
    print(f"{len(everything)} objects, {refused} refused; {len(kept)} kept")


if __name__ == "__main__":
    main()

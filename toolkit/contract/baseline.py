"""Baselines as JSON, one entry a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from toolkit.errors import ContractError, InputError
from toolkit.findings import Finding, Location
from toolkit.languages.positioned import placed_in
from toolkit.languages.positioned_json import parse_json
from toolkit.model.baseline import KnownFinding

_VERSION = 1
_ANEW = "move the file away, and write it anew with `--update-baseline`."
_KEYS = ("fingerprint", "step", "where", "what")


def parse_baseline(text: str, *, source: str) -> tuple[KnownFinding, ...]:
    """Read the entries of a baseline.

    Args:
        text: The file.
        source: Its name, for messages.

    Raises:
        ContractError: It is no baseline.
    """
    try:
        document = parse_json(text, placed_in(source, text), what="the baseline")
    except InputError as error:
        raise ContractError(*(replace(each, fix=_ANEW) for each in error.findings)) from error
    entries = document.get("accepted")
    if document.get("version") != _VERSION or not isinstance(entries, list):
        raise ContractError(_no_baseline(document.locate()))
    places = (document.locate("accepted", number) for number in range(len(entries)))
    return tuple(_known(*each) for each in zip(entries, places, strict=True))


def baseline_text(baseline: Iterable[KnownFinding]) -> str:
    """Write entries as a file; the same entries are the same text."""
    lines = ",\n".join(f"  {json.dumps(_entry(each), ensure_ascii=False)}" for each in baseline)
    inside = f"\n{lines}\n" if lines else ""
    return f'{{"version": {_VERSION}, "accepted": [{inside}]}}\n'


def _entry(known: KnownFinding) -> dict[str, Any]:
    unproven = {"unproven": True} if known.unproven else {}
    named = {"where": known.where, "step": known.step, "what": known.what}
    return {"fingerprint": known.fingerprint, **named, **unproven}


def _known(entry: Any, where: Location) -> KnownFinding:
    try:
        mark, step, file, what = (str(entry[key]) for key in _KEYS)
        unproven = entry.get("unproven", False) is True
    except (TypeError, LookupError, AttributeError) as error:
        raise ContractError(_no_baseline(where)) from error
    return KnownFinding(mark, step, file, what, unproven, where)


def _no_baseline(where: Location) -> Finding:
    return Finding(
        what="the file is no baseline",
        where=where,
        why=f"a baseline is an object with `version: {_VERSION}` and a list `accepted`, each of "
        "its entries with `fingerprint`, `step`, `where` and `what`",
        fix=_ANEW,
    )

"""Edits of the contract, and of files that it names."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from tests.fixes.place import Blocks, Edit, Place


def renamed_in_contract(place: Place, new: str, of: int = 0) -> Blocks | None:
    old = re.compile(rf"(?<![\w.]){re.escape(place.quoted[of])}(?![\w.])")
    text = place.blocks["toolkit.yml"]
    return place.with_text("toolkit.yml", old.sub(new, text))


def merged(into: Any, new: Any) -> Any:
    """Merge mappings and lists, as a person adds keys and items."""
    if isinstance(into, dict) and isinstance(new, dict):
        for key, value in new.items():
            into[key] = merged(into[key], value) if key in into else value
        return into
    return [*into, *new] if isinstance(into, list) and isinstance(new, list) else new


def added_to_contract(place: Place, snippet: str) -> Blocks | None:
    new = yaml.safe_load(snippet.replace("…", "x"))
    return place.in_contract(lambda contract: merged(contract, new))


def added_to_logs(place: Place, snippet: str) -> Blocks | None:
    new = yaml.safe_load(snippet)

    def edit(contract: Any) -> None:
        for each in contract["logs"]:
            merged(each, new)

    return place.in_contract(edit)


def mounted(place: Place, snippet: str) -> Blocks | None:
    """State what is behind a path, and put something there: a dictionary, or patterns."""
    found = added_to_contract(place, snippet)
    pattern = f"{place.quoted[0]} .*\n"
    own = {"patterns/own": pattern} if "./patterns" in snippet else {"file": "a: b\n"}
    return found and found | own


def sampled(place: Place, snippet: str) -> Blocks | None:
    found = added_to_logs(place, snippet)
    return found and found | {"samples/one.log": "a line\n"}


def added_to_series(place: Place, snippet: str) -> Blocks | None:
    """Add keys to the metric that the finding names."""
    new = yaml.safe_load(snippet)

    def edit(contract: Any) -> None:
        for each in contract["metrics"]["series"]:
            if each["name"] == place.quoted[0]:
                merged(each, new)

    return place.in_contract(edit)


def listed(*path: str, of: int = 0) -> Edit:
    """Add what the finding names to a list of the contract."""

    def edit(place: Place) -> Blocks | None:
        new: Any = [place.quoted[of]]
        for key in reversed(path):
            new = {key: new}
        return place.in_contract(lambda contract: merged(contract, new))

    return edit


def suppressed(place: Place) -> Blocks | None:
    entry = {"check": place.check, "where": place.name, "reason": "r", "expires": "2999-01-31"}
    return place.in_contract(lambda contract: merged(contract, {"suppress": [entry]}))


def without_field(place: Place) -> Blocks | None:
    return place.in_contract(
        lambda contract: [each["fields"].pop(place.quoted[0], None) for each in contract["logs"]]
    )


def in_scaling(place: Place, key: str, value: str) -> Blocks | None:
    return added_to_contract(place, f"scaling: {{{key}: {value}}}")


def updated(place: Place, product: str, release: str) -> Blocks | None:
    """Run another version of a product."""
    versions = {"deployment": {"versions": {product.lower(): release}}}
    return place.in_contract(lambda contract: merged(contract, versions))


def expectation_removed(place: Place) -> Blocks | None:
    """Remove the section of the contract that the place is in."""
    if place.name != "toolkit.yml":
        return None
    lines = place.blocks["toolkit.yml"].splitlines()[: place.finding.where.line or 1]
    key = next(found[1] for line in reversed(lines) if (found := re.match(r"(\w+):", line)))
    return place.in_contract(lambda contract: contract.pop(key))


def file_added(place: Place, name: str) -> Blocks | None:
    """Put a component template beside the template."""
    folder = next(each for each in place.blocks if each.endswith(".json")).rpartition("/")[0]
    text = json.dumps({"template": {"mappings": {"properties": {}}}})
    return {**place.blocks, f"{folder}/{name}".lstrip("/"): text}


_TEMPLATE = '{"mappings": {"properties": {"status": {"type": "short"}}}}'


_SHIPPER = "filebeat.inputs: [{type: stdin}]\n"


def missing_file(place: Place) -> Blocks | None:
    """Add the file that the contract names."""
    if place.name != "toolkit.yml" or not place.quoted:
        return None
    name = place.quoted[0].replace("*", "one")
    texts = {".conf": "filter { }\n", ".json": _TEMPLATE, ".yml": _SHIPPER}
    return {**place.blocks, name: texts.get(name[name.rfind(".") :], "a line\n")}


def without_shipper(place: Place) -> Blocks | None:
    return place.in_contract(lambda c: [each.pop("shipper", None) for each in c["logs"]])


def most_series(place: Place) -> Blocks | None:
    return place.in_contract(lambda contract: contract["metrics"].update(max_series=10**6))


def untyped(place: Place) -> Blocks | None:
    """Take the type of a metric out of the contract."""

    def edit(contract: Any) -> None:
        for each in contract["metrics"]["series"]:
            if each["name"] == place.quoted[0]:
                each.pop("type")

    return place.in_contract(edit)


def in_metrics(place: Place, snippet: str) -> Blocks | None:
    return added_to_contract(place, f"metrics: {{{snippet}}}")


_JOINING = """\
filebeat.inputs:
- type: filestream
  id: app
  parsers: [{multiline: {pattern: '^\\d{4}-\\d\\d-\\d\\d', negate: true, match: after}}]
"""


def joined(place: Place) -> Blocks | None:
    """Join lines in a shipper, by the time at the beginning of a record."""
    found = added_to_logs(place, "shipper: joining.yml")
    return found and found | {"joining.yml": _JOINING}


def promised(place: Place) -> Blocks | None:
    """Promise as many replicas as the finding has."""
    found = re.search(r"(?:at most|needs) (\d+)|(\d+) replicas at most", place.finding.what)
    if not found or "scaling" in place.blocks:
        return None
    return added_to_contract(place, f"scaling: {{reaches: {found[1] or found[2]}}}")


def declared(place: Place) -> Blocks | None:
    """Declare a text as a keyword."""
    if "is the text" not in place.finding.what:
        return None
    return added_to_logs(place, f"fields: {{{place.quoted[0]}: keyword}}")

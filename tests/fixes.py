"""Does literally what the fix of a finding says, for those fixes that a program can follow.

A row of ``RULES`` is a pattern of fixes and an edit of the files of a case. The groups of the
pattern are the arguments of the edit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from toolkit.findings import Finding

Blocks = dict[str, str]


@dataclass(frozen=True)
class Place:
    """The files of a case, and a finding in one of them."""

    blocks: Mapping[str, str]
    finding: Finding
    check: str

    @property
    def name(self) -> str:
        return self.finding.where.source

    @property
    def quoted(self) -> list[str]:
        """What the finding has in backticks."""
        return re.findall(r"`([^`]+)`", self.finding.what)

    def with_text(self, name: str, text: str) -> Blocks | None:
        """The files with another text of one of them; None if that is no change."""
        return None if self.blocks[name] == text else {**self.blocks, name: text}

    def in_line(self, old: str, new: str) -> Blocks | None:
        """Replace a text at the place, or behind it in the same line."""
        where = self.finding.where
        lines = self.blocks[self.name].splitlines(keepends=True)
        line, start = lines[(where.line or 1) - 1], (where.column or 1) - 1
        at = line.find(old, start)
        if at < 0:
            at = line.find(old)
        if at < 0:
            return None
        lines[(where.line or 1) - 1] = line[:at] + new + line[at + len(old) :]
        return self.with_text(self.name, "".join(lines))

    def in_yaml(self, edit: Callable[[Any], object], name: str = "") -> Blocks | None:
        """Edit the document of the place, or all of a named file."""
        name = name or self.name
        documents = re.split(r"(?m)^---\n", self.blocks[name])
        sizes = [len(document.splitlines()) + 1 for document in documents]
        ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
        line = self.finding.where.line or 1
        index = 0 if name != self.name else next(n for n, end in enumerate(ends) if line <= end)
        value = yaml.safe_load(documents[index]) or {}
        edit(value)
        documents[index] = yaml.safe_dump(value, sort_keys=False, width=1000)
        return self.with_text(name, "---\n".join(documents))

    def in_contract(self, edit: Callable[[Any], object]) -> Blocks | None:
        return self.in_yaml(edit, "toolkit.yml")


Edit = Callable[..., "Blocks | None"]


def renamed(place: Place, new: str) -> Blocks | None:
    """The name that the finding is about becomes another one."""
    if place.name not in place.blocks:
        return None
    where = place.finding.where
    line = place.blocks[place.name].splitlines()[(where.line or 1) - 1]
    start = (where.column or 1) - 1
    known = [old for old in place.quoted if old in line[start : start + where.width + 2]]
    known = known or [old for old in place.quoted if old in line]
    return place.in_line(known[0], new) if known else None


def renamed_in_contract(place: Place, new: str, of: int = 0) -> Blocks | None:
    old = re.compile(rf"(?<![\w.]){re.escape(place.quoted[of])}(?![\w.])")
    text = place.blocks["toolkit.yml"]
    return place.with_text("toolkit.yml", old.sub(new, text))


def written(place: Place, new: str) -> Blocks | None:
    """Write a text in place of what is underlined, a key with its value in place of its line."""
    where = place.finding.where
    if place.name not in place.blocks or not where.excerpt or not where.column:
        return None
    key, colon, value = new.partition(": ")
    if not colon or "=>" in new:
        under = where.excerpt[where.column - 1 : where.column - 1 + where.width]
        return place.in_line(under, new)
    old = re.search(rf"{key}: *(\"[^\"]*\"|[^\s,}}]+)", where.excerpt)
    if old:
        return place.in_line(old[0], f"{key}: {value}")
    text = where.excerpt[: where.column - 1]
    if text.strip():
        return None
    lines = place.blocks[place.name].splitlines(keepends=True)
    lines.insert((where.line or 1) - 1, f"{text}{new}\n")
    return place.with_text(place.name, "".join(lines))


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


def without_line(place: Place, key: str) -> Blocks | None:
    lines = place.blocks[place.name].splitlines(keepends=True)
    assert key in lines[(place.finding.where.line or 1) - 1]
    del lines[(place.finding.where.line or 1) - 1]
    return place.with_text(place.name, "".join(lines))


def in_filter(place: Place, plugin: str, option: str) -> Blocks | None:
    """Add an option to each filter of a kind."""
    changed = dict(place.blocks)
    for name, text in place.blocks.items():
        if name.endswith(".conf"):
            key = option.partition(" ")[0]
            without = re.sub(rf"{key} => \"[^\"]*\"", "", text)
            changed[name] = re.sub(rf"\b{plugin} *{{", f"{plugin} {{ {option} ", without)
    return None if changed == place.blocks else changed


def filter_added(place: Place, text: str) -> Blocks | None:
    """Add a filter at the end of the pipeline."""
    for name, before in place.blocks.items():
        if name.endswith(".conf") and "filter" in before:
            return place.with_text(name, f"{before}filter {{ {text} }}\n")
    return None


def captured(place: Place, kind: str) -> Blocks | None:
    """Capture a field with a type."""
    field = place.quoted[0]
    forms = [re.escape(field), re.escape("".join(f"[{part}]" for part in field.split(".")))]
    pattern = re.compile(rf":({'|'.join(forms)})(:\w+)?}}")
    for name, before in place.blocks.items():
        if pattern.search(before):
            return place.with_text(name, pattern.sub(rf":\1:{kind}}}", before))
    return None


def mapped(place: Place, field: str, kind: str) -> Blocks | None:
    """Map a field in the template."""
    name = next((each for each in place.blocks if each.startswith("template")), "")
    if not name or place.name.startswith("elasticsearch:"):
        return None  # A program cannot roll an index over.
    template = json.loads(place.blocks[name])
    body = template.get("template", template).setdefault("mappings", {})
    *parents, leaf = field.split(".")
    for each in parents:
        body = body.setdefault("properties", {}).setdefault(each, {})
    body.setdefault("properties", {})[leaf] = {"type": kind}
    return place.with_text(name, json.dumps(template))


def pattern_added(place: Place, pattern: str) -> Blocks | None:
    template = json.loads(place.blocks[place.name])
    template["index_patterns"] = [*template["index_patterns"], pattern]
    return place.with_text(place.name, json.dumps(template))


def labelled(place: Place, key: str, value: str) -> Blocks | None:
    return place.in_yaml(lambda body: merged(body["metadata"], {"labels": {key: value}}))


def requested(place: Place, container: str = "") -> Blocks | None:
    """Set the CPU request of a container, in the file or among those that are injected."""
    request = {"resources": {"requests": {"cpu": "100m", "memory": "64Mi"}}}
    name = container or place.quoted[0]

    def edit(body: Any) -> None:
        for each in _containers(body):
            if each["name"] == name:
                merged(each, request)

    return place.in_yaml(edit) if place.name in place.blocks else None


def requested_of_injected(place: Place, key: str, container: str) -> Blocks | None:
    def edit(contract: Any) -> None:
        for each in contract["kubernetes"]["injected"]:
            if each["name"] == container:
                merged(each, {key: {"cpu": "100m"}})

    return place.in_contract(edit)


def _containers(body: Any) -> list[Any]:
    spec = body.get("spec", {})
    pod = spec.get("template", {}).get("spec", spec)
    return [*pod.get("containers", ()), *pod.get("initContainers", ())]


def number(place: Place, key: str, value: str) -> Blocks | None:
    return place.in_yaml(lambda body: merged(body["spec"], {key: int(value)}))


def limit(place: Place, value: str) -> Blocks | None:
    """Set the memory limit of each container."""
    changed = {
        name: re.sub(r"(limits: *{[^}]*memory: *)[\w.]+", rf"\g<1>{value}", text)
        for name, text in place.blocks.items()
    }
    return None if changed == place.blocks else changed


def copied(place: Place, name: str) -> Blocks | None:
    """Copy a file into the ConfigMap."""
    key = place.quoted[0]
    source = place.blocks[name]
    return place.in_yaml(lambda body: merged(body, {"data": {key: source}}))


def closed(place: Place) -> Blocks | None:
    """Close a bracket at the indentation of the line that opens it."""
    line = place.blocks[place.name].splitlines()[(place.finding.where.line or 1) - 1]
    indent = line[: len(line) - len(line.lstrip())]
    return place.with_text(place.name, f"{place.blocks[place.name]}{indent}}}\n")


def in_scaling(place: Place, key: str, value: str) -> Blocks | None:
    return added_to_contract(place, f"scaling: {{{key}: {value}}}")


def option_added(place: Place, key: str, value: str) -> Blocks | None:
    """Set a mapping in the object of kind Prometheus."""

    def edit(text: str) -> str:
        documents = re.split(r"(?m)^---\n", text)
        for index, each in enumerate(documents):
            body = yaml.safe_load(each)
            if body and body.get("kind") == "Prometheus":
                body["spec"][key] = yaml.safe_load(value)
                documents[index] = yaml.safe_dump(body, sort_keys=False)
        return "---\n".join(documents)

    return place.with_text(place.name, edit(place.blocks[place.name]))


RULES: tuple[tuple[str, Edit], ...] = (
    (r"did you mean `([^`]+)`\?", renamed),
    (r"the (?:events|template) ha(?:s|ve) `([^`]+)`: rename one", renamed_in_contract),
    (r"it has `([^`]+)`: rename one", lambda place, new: renamed_in_contract(place, new, of=1)),
    (r"the service exports `([^`]+)`: rename one", renamed_in_contract),
    (r"write `scaling\.(\w+): (\w+)`", in_scaling),
    (r"write `([^`]+)`", written),
    (r"read `([^`]+)`\.", renamed),
    (r"state it in the contract: `([^`]+)`", added_to_contract),
    (r"add to this metric in the contract: `([^`]+)`", added_to_series),
    (r"state what is there: `([^`]+)`", mounted),
    (r"state where they are: `([^`]+)`", mounted),
    (r"state the release: `([^`]+)`", added_to_contract),
    (r"add a file with some real lines: `([^`]+)`", sampled),
    (r"add to (?:the entry of )?`logs:`: `([^`]+)`", added_to_logs),
    (r"add it to the contract: `([^`]+)`", added_to_contract),
    (r"name those that are read, with their types: `([^`]+)`", added_to_logs),
    (r"or name it under `external:`", listed("metrics", "external")),
    (r"name it under `target_labels:`", listed("metrics", "target_labels", of=1)),
    (r"or the metric under `external:`", listed("metrics", "external")),
    (r"add it to `kibana: external`", listed("kibana", "external")),
    (r"accept (?:it|this) under `suppress:`", suppressed),
    (r"or take it out of the contract", without_field),
    (r"take `(\w+)` out of the workload", without_line),
    (r"keep one `(\w+)`", without_line),
    (r"let (grok) replace it: `([^`]+)`", in_filter),
    (r"give the (date) filter `([^`]+)`", in_filter),
    (
        r"`([^`]+)` in the (date) filter",
        lambda place, option, date: in_filter(place, date, option),
    ),
    (r"convert it: `([^`]+)`", filter_added),
    (r"capture `[^`]+` with `:(\w+)`", captured),
    (r"map `([^`]+)` as `(\w+)`", mapped),
    (r"add `([^`]+)` to `index_patterns`", pattern_added),
    (r"label it `([\w.-]+)(?:=|: )([\w.-]+)`", labelled),
    (r"set `(requests)\.cpu` on `([^`]+)`", requested_of_injected),
    (r"set `resources\.requests\.\w+` on `([^`]+)`", requested),
    (r"set `resources\.requests\.memory`", requested),
    (r"raise `(maxReplicas)` to (\d+)", number),
    (r"lower `(maxReplicas)` to (\d+)", number),
    (r"raise the limit to (\w+)", limit),
    (r"copy (\S+) into the ConfigMap anew", copied),
    (r"add the missing `}`", closed),
    (r"give Prometheus \w+ `(\w+): ([^`]+)`", option_added),
)


def fixed(blocks: Mapping[str, str], finding: Finding, check: str) -> Blocks | None:
    """Return the files after the fix of a finding; None if no program can follow it."""
    for pattern, edit in RULES:
        if found := re.search(pattern, finding.fix):
            return edit(Place(blocks, finding, check), *found.groups())
    return None

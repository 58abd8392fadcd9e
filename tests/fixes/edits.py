"""Edits of pipelines, templates, rules and other files of a case."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from tests.fixes.contract import merged
from tests.fixes.place import Blocks, Edit, Place


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
    if text.strip() == "-" or where.excerpt.lstrip().startswith("- "):
        text = re.sub(r"-(?= )", " ", re.match(r"[ -]*", where.excerpt)[0])  # type: ignore[index]
        return place.in_line(where.excerpt, f"{where.excerpt}\n{text}{new}")
    if text.strip():
        return None
    lines = place.blocks[place.name].splitlines(keepends=True)
    lines.insert((where.line or 1) - 1, f"{text}{new}\n")
    return place.with_text(place.name, "".join(lines))


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


def without_option(place: Place, option: str, plugin: str) -> Blocks | None:
    """Take an option out of each filter of a kind that is in one line."""
    inside = re.compile(rf"(\b{plugin} *{{.*?)\b{option} => \"[^\"]*\"")
    changed = {name: inside.sub(r"\1", text) for name, text in place.blocks.items()}
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


def used(place: Place, new: str) -> Blocks | None:
    """Write another word or key in place of the one that is underlined, in its quotes."""
    where = place.finding.where
    under = where.excerpt[(where.column or 1) - 1 :][: where.width].strip("\"'(")
    return place.in_line(under, new)


def word_removed(place: Place, key: str) -> Blocks | None:
    """Remove a key with its value from a template."""
    document = json.loads(place.blocks[place.name])

    def without(value: Any) -> Any:
        if isinstance(value, list):
            return [without(each) for each in value]
        if isinstance(value, dict):
            return {name: without(each) for name, each in value.items() if name != key}
        return value

    return place.with_text(place.name, json.dumps(without(document)))


def added_to_inputs(place: Place, key: str, value: str) -> Blocks | None:
    """Add a key to each input of a type that the finding names."""

    def edit(body: Any) -> None:
        for each in body["filebeat.inputs"]:
            if each["type"] in place.quoted:
                each[key] = yaml.safe_load(value)

    return place.in_yaml(edit)


_PATTERN = re.compile(r'=>\s*("(?:[^"\\]|\\.)*%\{\w+[:}](?:[^"\\]|\\.)*")')
"""A pattern of grok that is alone."""


def any_line(place: Place) -> Blocks | None:
    """Add a pattern that takes what the others do not."""
    changed = {
        name: _PATTERN.sub(r'=> [\1, "%{GREEDYDATA}"]', text) if name.endswith(".conf") else text
        for name, text in place.blocks.items()
    }
    return None if changed == place.blocks else changed


def in_expression(place: Place, text: str) -> Blocks | None:
    """Add to the expression of the rule at the place."""
    lines = place.blocks[place.name].splitlines(keepends=True)
    number = (place.finding.where.line or 1) - 1
    lines[number] = f"{lines[number].rstrip()} {text}\n"
    return place.with_text(place.name, "".join(lines))


def defined(place: Place, name: str) -> Blocks | None:
    return in_filter(place, "grok", f'pattern_definitions => {{ "{name}" => ".*" }}')


def every_key(place: Place) -> Blocks | None:
    """Give a rule a name and an expression."""

    def edit(body: Any) -> None:
        for group in body["groups"]:
            for rule in group["rules"]:
                if not {"alert", "record"} & rule.keys():
                    rule["alert"] = "Named"
                rule.setdefault("expr", "vector(1)")

    return place.in_yaml(edit)


def seconds(place: Place, value: str) -> Blocks | None:
    """Write another duration in place of the one at the place."""
    where = place.finding.where
    rest = where.excerpt[(where.column or 1) - 1 :]
    old = re.search(r"\b\d+(?:ms|[smhd])\b", rest)
    return place.in_line(old[0], value) if old else None


def replaced(pattern: str, new: str) -> Edit:
    """Write another text in place of what a pattern matches in the line of the finding."""

    def edit(place: Place, *given: str) -> Blocks | None:
        line = place.finding.where.line
        if place.name not in place.blocks or not line:
            return None
        lines = place.blocks[place.name].splitlines(keepends=True)
        lines[line - 1] = re.sub(pattern, new.format(*given), lines[line - 1], count=1)
        return place.with_text(place.name, "".join(lines))

    return edit


def line_removed(place: Place) -> Blocks | None:
    lines = place.blocks[place.name].splitlines(keepends=True)
    del lines[(place.finding.where.line or 1) - 1]
    return place.with_text(place.name, "".join(lines))


def quoted_replaced(place: Place, new: str) -> Blocks | None:
    """Write another value in place of the first that the finding has after the name."""
    return place.in_line(place.quoted[1], new)


def out_of_template(place: Place, key: str) -> Blocks | None:
    name = next(each for each in place.blocks if each.startswith("template"))
    text = re.sub(rf', *"{key}": *\w+', "", place.blocks[name])
    return place.with_text(name, text)


def timed(place: Place, field: str) -> Blocks | None:
    """Set the time field of the data view at the place."""
    lines = place.blocks[place.name].splitlines()
    index = (place.finding.where.line or 1) - 1
    view = json.loads(lines[index])
    view["attributes"]["timeFieldName"] = field
    lines[index] = json.dumps(view)
    return place.with_text(place.name, "\n".join(lines) + "\n")


def without_mark(place: Place) -> Blocks | None:
    return place.with_text(place.name, place.blocks[place.name].replace("\ufeff", ""))


def removing(place: Place, option: str) -> Blocks | None:
    return filter_added(place, f"mutate {{ {option} }}")
